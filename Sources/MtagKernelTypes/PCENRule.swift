/// Per-channel energy normalisation: with x the scaled value and M its smoothed course,
/// `M[t] = b x[t] + (1 - b) M[t - 1]` and `bias^power · ((1 + x (epsilon + M)^-gain / bias)^power - 1)`.
/// Whoever makes it keeps the memory alive while it is in use.
public struct PCENRule {
  /// `[16, 16]`: how much the value of frame s (row) weighs in M of frame t: b (1 - b)^(t - s), 0 before s.
  public let smoothing: UnsafePointer<Float>
  /// `[16]`: how much M of the frame before the group weighs: (1 - b)^(t + 1).
  public let decay: UnsafePointer<Float>
  /// Multiplies every value first.
  public let scale: Float
  /// The least that is divided by; above zero.
  public let epsilon: Float
  /// The exponent of the division.
  public let gain: Float
  /// 1 / bias.
  public let inverseBias: Float
  /// The exponent of the compression; above zero.
  public let power: Float
  /// bias^power.
  public let outputScale: Float

  /// Collects the numbers.
  public init(
    smoothing: UnsafePointer<Float>, decay: UnsafePointer<Float>, scale: Float, epsilon: Float, gain: Float,
    inverseBias: Float, power: Float, outputScale: Float
  ) {
    self.smoothing = smoothing
    self.decay = decay
    self.scale = scale
    self.epsilon = epsilon
    self.gain = gain
    self.inverseBias = inverseBias
    self.power = power
    self.outputScale = outputScale
  }
}
