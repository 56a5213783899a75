// short-chunk-res: Short-chunk CNN of residual units that stride.
// Won et al., "Evaluation of CNN-based automatic music tagging models", SMC 2020, arXiv 2006.00751; code
// sota-music-tagging-models, whose names of weights it has.
// Input 128 × 231 (59,049 samples at 16 kHz, 3.7 s); any length. 50 labels: 12,104,244 parameters (field guide: 12.10
// M), 2.77 G multiply-accumulates (2.77 G).

public import MtagGraph

/// Residual units with a stride of 2.
public struct ShortChunkRes: Architecture {
  /// Output channels of each unit; the last is the hidden layer's width.
  public var widths = [128, 128, 256, 256, 256, 256, 512]
  /// Share of values that dropout zeroes in front of the last layer in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "short-chunk-res", summary: "seven residual units over 3.7 s",
    source: "Won et al., 2020, arXiv 2006.00751", features: "sota-128", chunkFrames: 231)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    var x = graph.batchNorm(graph.input, "spec_bn")
    for (index, width) in widths.enumerated() {
      x = graph.stridedResidualUnit(x, "layer\(index + 1)", channels: width, stride: .init(2, 2))
    }
    x = graph.reduce(x, "peak", .max, over: .both)
    graph.hiddenHead(x, hidden: widths[widths.count - 1], dropout: dropout, labels: labels)
  }
}
