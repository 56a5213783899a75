// short-chunk: seven small convolutions and pools over a few seconds; of each channel the largest value counts.
// Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020, arXiv 2006.00751; code
// sota-music-tagging-models, whose names of weights it has.
// Input 128 × 231 (59,049 samples at 16 kHz, 3.7 s); 128 bands and 128 frames at least. 50 labels: 3,687,348
// parameters (field guide: 3.69 M), 2.01 G multiply-accumulates (2.01 G).

public import MtagGraph

/// Blocks of 3×3 convolution, batch norm, ReLU and 2×2 pool.
public struct ShortChunk: Architecture {
  /// Output channels of each block; the last is the hidden layer's width.
  public var widths = [128, 128, 256, 256, 256, 256, 512]
  /// Share of values that dropout zeroes in front of the last layer in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "short-chunk", summary: "seven conv-norm-ReLU-pool blocks over 3.7 s",
    source: "Won et al., 2020, arXiv 2006.00751", features: "sota-128", chunkFrames: 231)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    var x = graph.batchNorm(graph.input, "spec_bn")
    for (index, width) in widths.enumerated() {
      x = graph.convolutionUnit(x, "layer\(index + 1)", channels: width, pool: .init(2, 2))
    }
    x = graph.reduce(x, "peak", .max, over: .both)
    graph.hiddenHead(x, hidden: widths[widths.count - 1], dropout: dropout, labels: labels)
  }
}
