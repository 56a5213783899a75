import MtagGraph

/// A row of MobileNetV3's table, with widths as they are.
struct InvertedResidual {
  /// Bands and frames of the depthwise kernel.
  let kernel: Int
  /// Channels inside.
  let expanded: Int
  /// Output channels.
  let channels: Int
  /// Whether squeeze-and-excitation follows the depthwise convolution.
  let hasGate: Bool
  /// The function inside.
  let function: Operation.Activation
  /// Of the depthwise convolution.
  let stride: Int
}

/// Pieces of EfficientAT's MobileNetV3; weights are named as in torchvision's, which it follows.
extension GraphBuilder {
  /// NAME.0, a convolution without bias, NAME.1, its norm, and a function; nil for none.
  mutating func normedConvolution(
    _ x: Value, _ name: String, channels: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    function: Operation.Activation?
  ) -> Value {
    let padding = (kernel - 1) / 2
    var x = convolution(
      x, "\(name).0", channels: channels, kernel: kernel, stride: stride, padding: padding, groups: groups,
      bias: false)
    x = append("\(name).1", .batchNorm(.init(epsilon: 1e-3)), x)
    return function.map { activation(x, "\(name).2", $0) } ?? x
  }

  /// 1×1 to more channels (none where there are as many), depthwise, gate, 1×1 to fewer; beside the identity where shapes agree.
  mutating func invertedResidual(_ x: Value, _ name: String, from channels: Int, _ unit: InvertedResidual)
    -> Value
  {
    var (y, place) = (x, 0)
    if unit.expanded != channels {
      y = normedConvolution(y, "\(name).0", channels: unit.expanded, kernel: 1, function: unit.function)
      place = 1
    }
    y = normedConvolution(
      y, "\(name).\(place)", channels: unit.expanded, kernel: unit.kernel, stride: unit.stride,
      groups: unit.expanded, function: unit.function)
    if unit.hasGate {
      place += 1
      y = squeezeExcitation(
        y, "\(name).\(place).conc_se_layers.0", channels: unit.expanded,
        hidden: roundedToEight(Double(unit.expanded / 4)))
    }
    y = normedConvolution(
      y, "\(name).\(place + 1)", channels: unit.channels, kernel: 1, function: nil)
    return unit.stride == 1 && channels == unit.channels ? add("\(name).sum", x, y) : y
  }
}

/// The nearest multiple of eight, at least 8, that takes away no more than a tenth: MobileNet's rule for scaled widths.
func roundedToEight(_ channels: Double) -> Int {
  let rounded = max(8, Int(channels + 4) / 8 * 8)
  return Double(rounded) < 0.9 * channels ? rounded + 8 : rounded
}
