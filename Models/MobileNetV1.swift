// mobilenetv1: PANNs' MobileNet of depthwise and 1×1 convolutions, which strides by average pools.
// Kong et al., "PANNs: large-scale pretrained audio neural networks for audio pattern recognition", 2020, arXiv
// 1912.10211; code audioset_tagging_cnn, whose names of weights it has; after Howard et al., "MobileNets", 2017,
// arXiv 1704.04861.
// Input 64 × 1001 (10 s at 32 kHz); 32 bands and 32 frames at least. 50 labels: 4,307,378 parameters (field guide:
// 4.31 M), 0.74 G multiply-accumulates (0.74 G).
// Deviations: as panns-cnn14's; no dropout behind the hidden layer, and `--init-axes frames-bands` reads its
// checkpoints.

public import MtagGraph

/// Separable convolutions.
public struct MobileNetV1: Architecture {
  /// Output channels of the first convolution.
  public var stem = 32
  /// Output channels and stride of each separable convolution.
  public var blocks = [
    [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1], [512, 1], [512, 1], [512, 1],
    [512, 1],
    [1024, 2], [1024, 1],
  ]
  /// Width of the hidden linear layer.
  public var hidden = 1024
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "mobilenetv1", summary: "13 depthwise-separable convolutions", source: PANNsCNN.source,
    features: "panns", chunkFrames: 1001)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("stem", [stem])
    try graph.require("blocks", rows: blocks, columns: ["channels", "stride"])
    var x = graph.bandNorm(graph.input, "bn0")
    x = graph.convolution(x, "features.0.0", channels: stem, kernel: 3, bias: false)
    x = graph.stridingPool(x, "features.0.1", stride: 2)
    x = graph.batchNorm(x, "features.0.2")
    x = graph.relu(x, "features.0.3")
    var channels = stem
    for (index, block) in blocks.enumerated() {
      let name = "features.\(index + 1)"
      x = graph.depthwise(x, "\(name).0", channels: channels)
      x = graph.stridingPool(x, "\(name).1", stride: block[1])
      x = graph.batchNorm(x, "\(name).2")
      x = graph.relu(x, "\(name).3")
      channels = block[0]
      x = graph.convolution(x, "\(name).4", channels: channels, kernel: 1, bias: false)
      x = graph.batchNorm(x, "\(name).5")
      x = graph.relu(x, "\(name).6")
    }
    graph.pannsHead(x, hidden: hidden, dropout: dropout, labels: labels)
  }
}
