// mn04, mn10: EfficientAT's MobileNetV3 large at 0.4 and once the width.
// Schmid et al., "Efficient large-scale audio tagging via transformer-to-CNN knowledge distillation", ICASSP 2023,
// arXiv 2211.04772; code fschmid56/EfficientAT, whose names of weights they have; after Howard et al., "Searching for
// MobileNetV3", 2019.
// Input 128 × 1000 (10 s at 32 kHz); any length. 527 labels:
//   mn04   983,599 parameters   0.11 G multiply-accumulates   (field guide: 0.98 M, 0.11 G)
//   mn10 4,876,831              0.54 G                        (4.88 M, 0.54 G)
// Deviations: running statistics move by 0.1 of each batch's, the code's by 0.01, which takes more steps than a small
// set has.

import MtagCore
public import MtagGraph

/// Inverted residuals with squeeze-and-excitation and hard swish.
public struct MobileNetV3: Architecture {
  /// All channels are multiplied by this and rounded to a multiple of eight.
  public var width: Float = 1
  /// Output channels of the first convolution.
  public var stem = 16
  /// Kernel, expanded channels, output channels, squeeze-and-excitation (1 or 0), hard swish instead of ReLU (1 or 0), stride.
  public var blocks = [
    [3, 16, 16, 0, 0, 1], [3, 64, 24, 0, 0, 2], [3, 72, 24, 0, 0, 1], [5, 72, 40, 1, 0, 2],
    [5, 120, 40, 1, 0, 1],
    [5, 120, 40, 1, 0, 1], [3, 240, 80, 0, 1, 2], [3, 200, 80, 0, 1, 1], [3, 184, 80, 0, 1, 1],
    [3, 184, 80, 0, 1, 1], [3, 480, 112, 1, 1, 1], [3, 672, 112, 1, 1, 1], [5, 672, 160, 1, 1, 2],
    [5, 960, 160, 1, 1, 1], [5, 960, 160, 1, 1, 1],
  ]
  /// Width of the hidden linear layer.
  public var last = 1280
  /// Share of hidden values that dropout zeroes in training.
  public var dropout: Float = 0.2

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "mn10", summary: "MobileNetV3 large", source: source, features: "efficientat", chunkFrames: 1000)
  static let source = "Schmid et al., 2023, arXiv 2211.04772"

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    guard width > 0, width <= 64 else {
      throw MtagError(.usage, "\(graph.name): width \(width) is not above 0 and at most 64")
    }
    try graph.require("stem, last", [stem, last])
    try graph.require(
      "blocks", rows: blocks, columns: ["kernel", "expanded", "channels", "squeeze", "swish", "stride"])
    var channels = scaled(stem)
    var x = graph.normedConvolution(
      graph.input, "features.0", channels: channels, kernel: 3, stride: 2, function: .hardSwish)
    for (index, row) in blocks.enumerated() {
      let unit = InvertedResidual(
        kernel: row[0], expanded: scaled(row[1]), channels: scaled(row[2]), hasGate: row[3] != 0,
        function: row[4] != 0 ? .hardSwish : .relu, stride: row[5])
      x = graph.invertedResidual(x, "features.\(index + 1).block", from: channels, unit)
      channels = unit.channels
    }
    x = graph.normedConvolution(
      x, "features.\(blocks.count + 1)", channels: 6 * channels, kernel: 1, function: .hardSwish)
    x = graph.globalAveragePool(x, "classifier.0")
    x = graph.linear(x, "classifier.2", features: scaled(last))
    x = graph.activation(x, "classifier.3", .hardSwish)
    x = graph.dropout(x, "classifier.4", rate: dropout)
    _ = graph.linear(x, "classifier.5", features: labels)
  }

  private func scaled(_ channels: Int) -> Int { roundedToEight(Double(channels) * Double(width)) }
}

/// mn04.
public enum MobileNetV3Small: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "mn04", summary: "MobileNetV3 large at 0.4 of its width", source: MobileNetV3.source,
    features: "efficientat", chunkFrames: 1000)
  /// Fewer channels.
  public static func configure(_ network: inout MobileNetV3) { network.width = 0.4 }
}
