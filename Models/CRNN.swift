// crnn: four convolutions make a sequence that two GRU layers read; the last step decides.
// Choi et al., "Convolutional recurrent neural networks for music classification", ICASSP 2017, arXiv 1609.04243;
// sizes and names of weights of sota-music-tagging-models (Won et al., 2020, arXiv 2006.00751).
// Input 96 × 1813 (29 s at 16 kHz); 96 bands and 96 frames at least. 50 labels: 394,100 parameters (field guide: 394
// k), 4.06 G multiply-accumulates (4.06 G).
// Deviations: bands that the pools leave over (none of 96 to 191) become channels; the code can read 96 to 191 alone.

public import MtagGraph

/// Convolutions and recurrent layers.
public struct CRNN: Architecture {
  /// Output channels of each convolution.
  public var widths = [64, 128, 128, 128]
  /// Bands and frames of each pool.
  public var pools = [[2, 2], [3, 3], [4, 4], [4, 4]]
  /// Width of the recurrent state.
  public var hidden = 32
  /// Recurrent layers.
  public var layers = 2
  /// Share of the last state that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "crnn", summary: "four convolutions, then two GRU layers",
    source: "Choi et al., 2017, arXiv 1609.04243; Won et al., 2020", features: "sota-96", chunkFrames: 1813)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require("pools", rows: pools, columns: ["bands", "frames"], count: widths.count)
    var x = graph.batchNorm(graph.input, "spec_bn")
    for (index, (width, pool)) in zip(widths, pools).enumerated() {
      x = graph.convolutionUnit(x, "layer\(index + 1)", channels: width, pool: .init(pool[0], pool[1]))
    }
    x = graph.append("sequence", .flatten(.bandsIntoChannels), x)
    x = graph.append(
      "layer\(widths.count + 1)", .recurrent(.init(.gru, hidden: hidden, layers: layers)), x)
    x = graph.append("last", .select(frame: -1), x)
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "dense", features: labels)
  }
}
