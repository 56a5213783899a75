// fcn: the fully convolutional network as sota-music-tagging-models trains it.
// Choi et al., "Automatic tagging using deep convolutional neural networks", ISMIR 2016, arXiv 1606.00298; Won et
// al., "Evaluation of CNN-based automatic music tagging models", SMC 2020, arXiv 2006.00751.
// Input 96 × 1813 (29 s at 16 kHz); 96 bands and 1280 frames at least. 50 labels: 447,732 parameters (field guide:
// 448 k), 2.15 G multiply-accumulates (2.15 G).
// Deviations: frames beyond one map of the last pool are averaged; the code can read 29 s alone.

public import MtagGraph

/// Five blocks of convolution, batch norm, ReLU and wide pools.
public struct FCN: Architecture {
  /// Output channels of each block.
  public var widths = [64, 128, 128, 128, 64]
  /// Bands and frames of each block's pool.
  public var pools = [[2, 4], [2, 4], [2, 4], [3, 5], [4, 4]]
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "fcn", summary: "five conv-norm-ReLU-pool blocks over half a minute",
    source: "Choi et al., 2016; Won et al., 2020, arXiv 2006.00751", features: "sota-96", chunkFrames: 1813)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require("pools", rows: pools, columns: ["bands", "frames"], count: widths.count)
    var x = graph.batchNorm(graph.input, "spec_bn")
    for (index, (width, pool)) in zip(widths, pools).enumerated() {
      x = graph.convolutionUnit(x, "layer\(index + 1)", channels: width, pool: .init(pool[0], pool[1]))
    }
    x = graph.globalAveragePool(x, "average")
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "dense", features: labels)
  }
}
