/// The element-wise functions of networks. Formulas are PyTorch's.
public enum ActivationFunction: UInt8, Sendable, CaseIterable {
  /// max(0, x)
  case relu
  /// min(max(0, x), 6)
  case relu6
  /// x where it is positive, else eˣ − 1
  case elu
  /// x Φ(x), with the normal distribution by the error function
  case gelu
  /// x / (1 + e⁻ˣ)
  case silu
  /// x · relu6(x + 3) / 6
  case hardSwish
  /// relu6(x + 3) / 6
  case hardSigmoid
  /// 1 / (1 + e⁻ˣ)
  case sigmoid
  /// Hyperbolic tangent
  case tanh

  /// Whether zero stays zero, so that padding needs no care.
  @inlinable public var keepsZero: Bool { self != .sigmoid && self != .hardSigmoid }
}
