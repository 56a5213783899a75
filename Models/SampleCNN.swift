// samplecnn: convolutions of three samples, each followed by a pool of three, from the waveform on.
// Lee et al., "Sample-level deep convolutional neural networks for music auto-tagging using raw waveforms", SMC 2017,
// arXiv 1703.01789; sizes and names of weights of sota-music-tagging-models (Won et al., 2020, arXiv 2006.00751).
// Input 59,049 samples at 16 kHz (3^10, 3.7 s); 59,047 at least. 50 labels: 1,869,874 parameters (field guide: 1.87
// M), 1.73 G multiply-accumulates (1.73 G).
// Deviations: what longer inputs leave of frames is averaged; the code reads 59,049 samples alone.

public import MtagGraph

/// One-dimensional convolutions over samples.
public struct SampleCNN: Architecture {
  /// Output channels of each layer; the first strides by 3, the others pool by 3.
  public var widths = [128, 128, 128, 256, 256, 256, 256, 256, 256, 512]
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "samplecnn", summary: "eleven convolutions over samples",
    source: "Lee et al., 2017, arXiv 1703.01789; Won et al., 2020", features: "waveform", chunkFrames: 59_049)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    let three = Operation.Extent(1, 3)
    var x = graph.convolutionUnit(
      graph.input, "layer1", channels: widths[0], kernel: three, stride: three)
    for (index, width) in widths.enumerated().dropFirst() {
      x = graph.convolutionUnit(x, "layer\(index + 1)", channels: width, kernel: three, pool: three)
    }
    x = graph.convolutionUnit(
      x, "layer\(widths.count + 1)", channels: widths[widths.count - 1], kernel: .init(1, 1))
    x = graph.globalAveragePool(x, "average")
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "dense", features: labels)
  }
}
