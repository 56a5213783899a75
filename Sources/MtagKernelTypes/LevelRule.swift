/// How values become levels: `max(decibelsPerOctave * (log2(max(value * valueScale, minimum)) - log2(reference)), floor)`.
public struct LevelRule: Sendable {
  /// Multiplies every value first.
  public let valueScale: Float
  /// The smallest value that the logarithm sees; a normal number above zero.
  public let minimum: Float
  /// The value of 0 dB; a normal number above zero.
  public let reference: Float
  /// 10 log10(2) for power, 20 log10(2) for magnitude.
  public let decibelsPerOctave: Float
  /// The lowest level, in dB.
  public let floorDB: Float

  /// Collects the numbers.
  public init(valueScale: Float, minimum: Float, reference: Float, decibelsPerOctave: Float, floorDB: Float) {
    self.valueScale = valueScale
    self.minimum = minimum
    self.reference = reference
    self.decibelsPerOctave = decibelsPerOctave
    self.floorDB = floorDB
  }
}
