// yamnet: MobileNetV1 with strided convolutions and norms without a scale, over patches of 0.96 s.
// Plakal and Ellis, code tensorflow/models, research/audioset/yamnet, 2019; after Howard et al., "MobileNets", 2017,
// arXiv 1704.04861.
// Input 64 × 96. 521 labels: 3,729,481 parameters (field guide: 3.73 M), 69.2 M multiply-accumulates (69 M).
// Deviations: longer inputs are read whole, where the code cuts patches of 96 frames every 48 and gives scores for
// each. TensorFlow's padding "same" depends on the length; ours is its padding of even lengths, which a patch has
// down to the last map. Running statistics move by 0.1 of each batch's, TensorFlow's by 0.01. The code's maps are
// [frames, bands].

public import MtagGraph

/// Separable convolutions with strides.
public struct YAMNet: Architecture {
  /// Output channels of the first convolution.
  public var stem = 32
  /// Output channels and stride of each separable convolution.
  public var blocks = [
    [64, 1], [128, 2], [128, 1], [256, 2], [256, 1], [512, 2], [512, 1], [512, 1], [512, 1], [512, 1],
    [512, 1],
    [1024, 2], [1024, 1],
  ]

  /// The code's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "yamnet", summary: "MobileNetV1 over patches of 0.96 s",
    source: "Plakal and Ellis, 2019, tensorflow/models",
    features: "yamnet", chunkFrames: 96)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("stem", [stem])
    try graph.require("blocks", rows: blocks, columns: ["channels", "stride"])
    var x = unit(&graph, graph.input, "layer1.conv", channels: stem, kernel: 3, stride: 2)
    var channels = stem
    for (index, block) in blocks.enumerated() {
      let layer = "layer\(index + 2)"
      x = unit(
        &graph, x, "\(layer).depthwise_conv", channels: channels, kernel: 3, stride: block[1],
        groups: channels)
      channels = block[0]
      x = unit(&graph, x, "\(layer).pointwise_conv", channels: channels, kernel: 1)
    }
    x = graph.globalAveragePool(x, "average")
    _ = graph.linear(x, "logits", features: labels)
  }

  /// Convolution without bias, norm and ReLU. TensorFlow's "same" puts the one zero that a stride of 2 needs behind.
  private func unit(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ name: String, channels: Int, kernel: Int,
    stride: Int = 1, groups: Int = 1
  ) -> GraphBuilder.Value {
    let isStrided = stride == 2
    let (before, behind) = isStrided ? (0, 1) : (kernel / 2, 0)
    var x = graph.convolution(
      x, name, channels: channels, kernel: .init(kernel, kernel), stride: .init(stride, stride),
      padding: .init(before, before), extraPadding: .init(behind, behind), groups: groups, bias: false)
    x = graph.append("\(name).bn", .batchNorm(.init(epsilon: 1e-4, hasScale: false)), x)
    return graph.relu(x, "\(name).relu")
  }
}
