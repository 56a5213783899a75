/// How values become levels:
///
/// 1. `u = gain · max(value · valueScale, minimum) + offset`
/// 2. `y = u`, or `y = max(perOctave · (log2 u - log2 reference), floor)`
/// 3. `(y - mean) / deviation`
public struct LevelRule: Sendable {
  /// Multiplies every value first.
  public let valueScale: Float
  /// The smallest value that counts.
  public let minimum: Float
  /// Multiplies what is at least the minimum.
  public let gain: Float
  /// Is added to that; for a logarithm, `gain · minimum + offset` is a normal number above zero.
  public let offset: Float
  /// Whether there is a logarithm.
  public let takesLogarithm: Bool
  /// The value of level 0; a normal number above zero.
  public let reference: Float
  /// What a doubling of the value is worth: 10 log10(2) for dB of power, ln 2 for a natural logarithm.
  public let perOctave: Float
  /// The lowest level, before the mean is subtracted.
  public let floor: Float
  /// Is subtracted from every level.
  public let mean: Float
  /// Multiplies what is left: 1 / deviation.
  public let inverseDeviation: Float

  /// Collects the numbers.
  public init(
    valueScale: Float, minimum: Float, gain: Float = 1, offset: Float = 0, takesLogarithm: Bool = true,
    reference: Float, perOctave: Float, floor: Float, mean: Float = 0, inverseDeviation: Float = 1
  ) {
    self.valueScale = valueScale
    self.minimum = minimum
    self.gain = gain
    self.offset = offset
    self.takesLogarithm = takesLogarithm
    self.reference = reference
    self.perOctave = perOctave
    self.floor = floor
    self.mean = mean
    self.inverseDeviation = inverseDeviation
  }
}
