// dcase-cnn5: the five-layer CNN of the DCASE 2019 task 1 baseline system.
// Kong et al., "Cross-task learning for audio tagging, sound event detection and spatial localization", 2019, arXiv
// 1904.03476; code qiuqiangkong/dcase2019_task1, Cnn_5layers_AvgPooling.
// Input 64 bands; 8 frames at least. 10 labels: 4,309,450 parameters (field guide: 4.31 M); 64 × 1001: 9.93 G
// multiply-accumulates.
// Deviations: logits, where the code gives a log-softmax. Its features have 64 frames a second (hop 500), `panns` has
// 100. The code's maps are [frames, bands]: `--init-axes frames-bands` reads its checkpoints.

public import MtagGraph

/// Four 5×5 convolutions with average pools.
public struct DCASECNN5: Architecture {
  /// Output channels of each layer.
  public var widths = [64, 128, 256, 512]

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "dcase-cnn5", summary: "four 5×5 convolutions, average pools",
    source: "Kong et al., 2019, arXiv 1904.03476", features: "panns", chunkFrames: 1001)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    var x = graph.input
    for (index, width) in widths.enumerated() {
      x = graph.convolution(x, "conv\(index + 1)", channels: width, kernel: 5, bias: false)
      x = graph.batchNorm(x, "bn\(index + 1)")
      x = graph.relu(x, "relu\(index + 1)")
      if index < widths.count - 1 { x = graph.averagePool(x, "pool\(index + 1)", kernel: .init(2, 2)) }
    }
    x = graph.reduce(x, "mean", .mean, over: .bands)
    x = graph.reduce(x, "peak", .max, over: .frames)
    _ = graph.linear(x, "fc", features: labels)
  }
}
