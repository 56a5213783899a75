// mobilenetv2: PANNs' MobileNetV2 of inverted residuals, which strides by average pools.
// Kong et al., "PANNs: large-scale pretrained audio neural networks for audio pattern recognition", 2020, arXiv
// 1912.10211; code audioset_tagging_cnn, whose names of weights it has; after Sandler et al., "MobileNetV2", 2018,
// arXiv 1801.04381.
// Input 64 × 1001 (10 s at 32 kHz); 32 bands and 32 frames at least. 50 labels: 3,586,418 parameters (field guide:
// 3.59 M), 0.34 G multiply-accumulates (0.34 G).
// Deviations: as panns-cnn14's; no dropout in the head, and `--init-axes frames-bands` reads its checkpoints.

public import MtagGraph

/// Inverted residuals with ReLU6.
public struct MobileNetV2: Architecture {
  /// Output channels of the first convolution.
  public var stem = 32
  /// Expansion, output channels, repeats and stride of the first of them.
  public var stages = [
    [1, 16, 1, 1], [6, 24, 2, 2], [6, 32, 3, 2], [6, 64, 4, 2], [6, 96, 3, 2], [6, 160, 3, 1],
    [6, 320, 1, 1],
  ]
  /// Output channels of the last convolution.
  public var last = 1280
  /// Width of the hidden linear layer.
  public var hidden = 1024
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "mobilenetv2", summary: "17 inverted residuals", source: PANNsCNN.source, features: "panns",
    chunkFrames: 1001)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("stem", [stem])
    try graph.require("stages", rows: stages, columns: ["expansion", "channels", "repeats", "stride"])
    var x = graph.bandNorm(graph.input, "bn0")
    x = graph.convolution(x, "features.0.0", channels: stem, kernel: 3, bias: false)
    x = graph.stridingPool(x, "features.0.1", stride: 2)
    x = graph.batchNorm(x, "features.0.2")
    x = graph.activation(x, "features.0.3", .relu6)
    var (channels, index) = (stem, 1)
    for stage in stages {
      for number in 0..<stage[2] {
        x = unit(
          &graph, x, "features.\(index)", from: channels, to: stage[1], expansion: stage[0],
          stride: number == 0 ? stage[3] : 1)
        (channels, index) = (stage[1], index + 1)
      }
    }
    x = graph.convolution(x, "features.\(index).0", channels: last, kernel: 1, bias: false)
    x = graph.batchNorm(x, "features.\(index).1")
    x = graph.activation(x, "features.\(index).2", .relu6)
    graph.pannsHead(x, hidden: hidden, dropout: dropout, labels: labels)
  }

  /// 1×1 to more channels (none for an expansion of 1), depthwise 3×3, 1×1 back; beside the identity where shapes agree.
  private func unit(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ block: String, from: Int, to channels: Int,
    expansion: Int, stride: Int
  ) -> GraphBuilder.Value {
    let (name, wide) = ("\(block).conv", expansion * from)
    var (y, place) = (x, 0)
    if expansion != 1 {
      y = graph.convolution(y, "\(name).0", channels: wide, kernel: 1, bias: false)
      y = graph.batchNorm(y, "\(name).1")
      y = graph.activation(y, "\(name).2", .relu6)
      place = 3
    }
    y = graph.depthwise(y, "\(name).\(place)", channels: wide)
    y = graph.stridingPool(y, "\(name).\(place + 1)", stride: stride)
    y = graph.batchNorm(y, "\(name).\(place + 2)")
    y = graph.activation(y, "\(name).\(place + 3)", .relu6)
    y = graph.convolution(y, "\(name).\(place + 4)", channels: channels, kernel: 1, bias: false)
    y = graph.batchNorm(y, "\(name).\(place + 5)")
    return stride == 1 && from == channels ? graph.add("\(block).sum", x, y) : y
  }
}
