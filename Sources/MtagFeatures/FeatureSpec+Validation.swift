import MtagCore

extension FeatureSpec {
  /// Refuses what no extractor can compute or what would need absurd memory. A spec may come from a model file that a
  /// stranger made, so nothing in it is trusted.
  /// - Throws: `MtagError` (usage) naming the first field that is out of range, and the range.
  public func validate() throws {
    try check("sampleRateHz", sampleRateHz, in: 1...1_000_000)
    try check("fftSize", fftSize, in: 2...Self.largestFFTSize)
    try check("windowLength", windowLength, in: 1...fftSize)
    try check("hopLength", hopLength, in: 1...Self.largestFFTSize)
    // A map is bands / hopLength times as large as its clip: 4 times with 128 bands and a hop of 32.
    try check("bands", bands, in: 1...min(4096, 64 * hopLength))
    guard magnitudeExponent == 1 || magnitudeExponent == 2 else {
      throw invalid("magnitudeExponent \(magnitudeExponent) must be 1 (magnitude) or 2 (power)")
    }
    let nyquistHz = Float(sampleRateHz) / 2
    guard minimumHz.isFinite, minimumHz >= 0 else {
      throw invalid("minimumHz \(minimumHz) must be at least 0")
    }
    guard maximumHz.isFinite, maximumHz <= nyquistHz else {
      throw invalid(
        "maximumHz \(maximumHz) must be at most \(nyquistHz), half of sampleRateHz \(sampleRateHz)")
    }
    guard minimumHz < maximumHz else {
      throw invalid("minimumHz \(minimumHz) must be below maximumHz \(maximumHz)")
    }
    guard level.minimumValue.isNormal, level.minimumValue > 0, level.minimumValue <= 1 else {
      throw invalid(
        "level.minimumValue \(level.minimumValue) must be above 0 (1.2e-38 or more) and at most 1")
    }
    if let floorDB = level.floorDB {
      guard floorDB.isFinite, floorDB > 0 else {
        throw invalid("level.floorDB \(floorDB) must be above 0; it counts dB below the clip's maximum")
      }
    }
  }

  /// The longest transform: 6 s at 44.1 kHz.
  static let largestFFTSize = 262_144

  private func check(_ field: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw invalid("\(field) \(value) must be within \(range.lowerBound) ... \(range.upperBound)")
    }
  }

  private func invalid(_ fault: String) -> MtagError { MtagError(.usage, "feature spec '\(name)': \(fault)") }
}
