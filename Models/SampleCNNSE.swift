// samplecnn-se: SampleCNN with residual units and squeeze-and-excitation.
// Kim et al., "Sample-level CNN architectures for music auto-tagging using raw waveforms", ICASSP 2018, arXiv
// 1710.10451; sizes and names of weights of sota-music-tagging-models (Won et al., 2020, arXiv 2006.00751).
// Input 59,049 samples at 16 kHz (3^10, 3.7 s); 59,047 at least. 50 labels: 6,951,858 parameters (field guide: 6.95
// M), 4.86 G multiply-accumulates.
// Deviations: what longer inputs leave of frames is averaged; the code reads 59,049 samples alone.

public import MtagGraph

/// One-dimensional residual units over samples, each with a gate for its channels.
public struct SampleCNNSE: Architecture {
  /// Output channels of each unit; the first strides by 3, the others pool by 3.
  public var widths = [128, 128, 128, 256, 256, 256, 256, 256, 256, 512]
  /// Share of values that dropout zeroes in front of the last layer in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "samplecnn-se", summary: "SampleCNN with residual units and gates",
    source: "Kim et al., 2018, arXiv 1710.10451; Won et al., 2020", features: "waveform", chunkFrames: 59_049)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    let last = widths[widths.count - 1]
    var x = unit(&graph, graph.input, "layer1", from: 0, to: widths[0], stride: 3)
    for (index, width) in widths.enumerated().dropFirst() {
      x = unit(&graph, x, "layer\(index + 1)", from: widths[index - 1], to: width)
      x = graph.maxPool(x, "layer\(index + 1).mp", kernel: .init(1, 3))
    }
    x = unit(&graph, x, "layer\(widths.count + 1)", from: last, to: last, kernel: 1)
    x = graph.globalAveragePool(x, "average")
    graph.hiddenHead(x, hidden: last, dropout: dropout, labels: labels)
  }

  /// Two convolutions, whose output is gated channel by channel, beside the identity or a convolution.
  private func unit(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ name: String, from: Int, to channels: Int,
    kernel: Int = 3, stride: Int = 1
  ) -> GraphBuilder.Value {
    let (window, steps) = (Operation.Extent(1, kernel), Operation.Extent(1, stride))
    let y = graph.residualBranch(x, name, channels: channels, kernel: window, stride: steps)
    var gate = graph.globalAveragePool(y, "\(name).squeeze")
    gate = graph.linear(gate, "\(name).dense1", features: channels)
    gate = graph.relu(gate, "\(name).dense1.relu")
    gate = graph.linear(gate, "\(name).dense2", features: channels)
    gate = graph.activation(gate, "\(name).sigmoid", .sigmoid)
    let gated = graph.multiply("\(name).scale", y, gate)
    let isSame = stride == 1 && from == channels
    let shortcut =
      isSame
      ? x : graph.residualShortcut(x, name, channels: channels, kernel: window, stride: steps)
    return graph.relu(graph.add("\(name).sum", shortcut, gated), "\(name).relu")
  }
}
