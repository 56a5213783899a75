import MtagCore

extension FeatureSpec {
  /// Refuses what no extractor can compute or what would need absurd memory. A spec may come from a model file that a
  /// stranger made, so nothing in it is trusted. What only one extractor reads is checked by that extractor.
  /// - Throws: `MtagError` (usage) naming the first field that is out of range, and the range.
  public func validate() throws {
    try check("sampleRateHz", sampleRateHz, in: 1000...1_000_000)
    try check("hopLength", hopLength, in: 1...Self.largestFFTSize)
    try check("preEmphasis", preEmphasis, in: -1...1)
    // A field that the extractor does not read cannot be wrong: nobody could set it right.
    let entry = FeatureExtractors.entry(named: extractor)
    func reads(_ field: String) -> Bool { entry?.reads(field) ?? true }
    // A map is bands / hopLength times as large as its clip: 4 times with 128 bands and a hop of 32.
    if reads("bands") {
      try check("bands", bands, in: 1...min(4096, 64 * hopLength), because: "64 times hopLength at most")
    }
    if reads("fftSize") { try validateSpectrum() }
    if reads("maximumHz") { try validateBandEdges() }
    if reads("level.function") { try validateLevel() }
  }

  /// The parameters of an extractor that cannot do without.
  /// - Throws: `MtagError` (usage) if the spec has none.
  func required<Parameters>(_ path: KeyPath<FeatureSpec, Parameters?>, _ field: String) throws -> Parameters {
    guard let parameters = self[keyPath: path] else {
      throw invalid(
        "extractor '\(extractor)' needs the fields '\(field).…'; start from a preset that has them")
    }
    return parameters
  }

  private func validateSpectrum() throws {
    try check("fftSize", fftSize, in: 2...Self.largestFFTSize)
    try check("windowLength", windowLength, in: 1...fftSize, because: "fftSize at most; set both")
    guard magnitudeExponent == 1 || magnitudeExponent == 2 else {
      throw invalid("magnitudeExponent \(magnitudeExponent) must be 1 (magnitude) or 2 (power)")
    }
  }

  private func validateBandEdges() throws {
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
  }

  private func validateLevel() throws {
    try check("level.gain", level.gain, in: -1e12...1e12)
    try check("level.offset", level.offset, in: 0...1e12)
    try check("level.mean", level.mean, in: -1e12...1e12)
    guard level.deviation.isFinite, level.deviation.isNormal else {
      throw invalid("level.deviation \(level.deviation) must be finite and not 0")
    }
    guard level.function == .linear || level.gain > 0 else {
      throw invalid("level.gain \(level.gain) must be above 0 for level.function \(level.function.rawValue)")
    }
    let minimum = level.minimumValue
    let needsMinimum = level.function != .linear && !level.offset.isNormal
    guard (minimum.isNormal && minimum > 0 && minimum <= 1) || (minimum == 0 && !needsMinimum) else {
      throw invalid(
        "level.minimumValue \(minimum) must be above 0 (1.2e-38 or more) and at most 1"
          + (needsMinimum ? "" : ", or 0"))
    }
    if let floorDB = level.floorDB {
      guard floorDB.isFinite, floorDB > 0 else {
        throw invalid("level.floorDB \(floorDB) must be above 0; it counts dB below the clip's maximum")
      }
    }
  }

  /// The longest transform: 6 s at 44.1 kHz.
  static let largestFFTSize = 262_144

  /// - Throws: `MtagError` (usage) naming the field, unless its value lies in the range.
  /// - Parameter reason: where the range comes from, if that is not plain.
  func check<Value: Comparable>(
    _ field: String, _ value: Value, in range: ClosedRange<Value>, because reason: String? = nil
  ) throws {
    guard range.contains(value) else {
      let words = reason.map { " (\($0))" } ?? ""
      throw invalid("\(field) \(value) must be within \(range.lowerBound) ... \(range.upperBound)\(words)")
    }
  }

  /// The error of a spec that cannot be.
  func invalid(_ fault: String) -> MtagError { MtagError(.usage, "feature spec '\(name)': \(fault)") }
}
