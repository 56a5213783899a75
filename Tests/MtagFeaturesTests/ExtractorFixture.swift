import MtagCore
import MtagFeatures
import MtagTestSupport

/// A vector of Tools/fixtures/extractors.py, with the spec it was made with.
struct ExtractorFixture {
  let expected: Fixture
  let spec: FeatureSpec
  let samples: [Float]
  /// Whether the script wrote an allowance beside the vector.
  let hasAllowance: Bool

  /// Loads `features/<name>`.
  init(_ name: String) throws {
    expected = try Fixture.load("features/\(name)")
    let extractor = expected.json["extractor"] as? String ?? ""
    guard var spec = FeaturePresets.all.first(where: { $0.name == extractor }) else {
      throw MtagError(.badData, "fixture \(name): there is no preset '\(extractor)'")
    }
    spec.name = name
    Self.framing(of: &spec, Values(expected.group("spec")))
    Self.settings(of: &spec, Values(expected.group("settings")))
    self.spec = spec
    hasAllowance = expected.json["hasAllowance"] as? Bool ?? false
    samples = try Fixture.load("features/\(expected.json["input"] as? String ?? "")").values
  }

  /// Our map of the same clip, of which the vector may hold only every n-th frame.
  func observed() throws -> FeatureMap {
    let map = try FeatureExtractors.make(spec).extract(samples)
    let stride = expected.json["frameStride"] as? Int ?? 1
    guard stride > 1 else { return map }
    let columns = Array(Swift.stride(from: 0, to: map.frames, by: stride))
    return FeatureMap(
      bands: map.bands, frames: columns.count,
      values: (0..<map.bands).flatMap { band in columns.map { map[band, $0] } })
  }

  private static func framing(of spec: inout FeatureSpec, _ values: Values) {
    values.set(&spec.sampleRateHz, "sampleRateHz")
    values.set(&spec.windowLength, "windowLength")
    values.set(&spec.fftSize, "fftSize")
    values.set(&spec.hopLength, "hopLength")
    values.set(&spec.bands, "bands")
    values.set(&spec.magnitudeExponent, "magnitudeExponent")
    values.set(&spec.minimumHz, "minimumHz")
    values.set(&spec.maximumHz, "maximumHz")
    values.set(&spec.level.minimumValue, "minimumValue")
    spec.isCentered = values.group["isCentered"] as? Bool ?? true
    spec.padding = values.choice("padding") ?? .zeros
    spec.melScale = values.choice("melScale") ?? .slaney
    spec.melNorm = values.choice("melNorm") ?? .area
    spec.level.reference = values.choice("reference") ?? spec.level.reference
    if values.group.keys.contains("floorDB") { spec.level.floorDB = values.number("floorDB") }
  }

  /// What a preset has no group for is not set.
  private static func settings(of spec: inout FeatureSpec, _ values: Values) {
    spec.logFrequency?.bandsPerOctave = values.integer("bandsPerOctave")
    spec.cepstrum?.coefficients = values.integer("coefficients")
    spec.cepstrum?.lifter = values.float("lifter")
    spec.cepstrum?.deltaOrder = values.integer("deltaOrder")
    spec.cepstrum?.deltaWidth = values.integer("deltaWidth")
    spec.chroma?.tuning = values.float("tuning")
    spec.chroma?.centerOctave = values.float("centerOctave")
    spec.chroma?.octaveWidth = values.float("octaveWidth")
    spec.chroma?.norm = values.choice("norm") ?? .maximum
    spec.pcen?.scale = values.float("scale")
    spec.pcen?.gain = values.float("gain")
    spec.pcen?.bias = values.float("bias")
    spec.pcen?.power = values.float("power")
    spec.pcen?.timeConstantSeconds = values.float("timeConstantSeconds")
    spec.pcen?.epsilon = values.float("epsilon")
    spec.contrast?.quantile = values.float("quantile")
    spec.contrast?.lowestHz = values.float("lowestHz")
    spec.tempogram?.windowFrames = values.integer("lags")
  }

  /// A group of a sidecar's entries.
  private struct Values {
    let group: [String: Any]

    init(_ group: [String: Any]) { self.group = group }

    func number(_ name: String) -> Float? {
      ((group[name] as? Double) ?? (group[name] as? Int).map(Double.init)).map { Float($0) }
    }

    func set(_ field: inout Float, _ name: String) { if let value = number(name) { field = value } }

    func set(_ field: inout Int, _ name: String) { if let value = group[name] as? Int { field = value } }

    /// NaN and -1 are refused by every extractor: a setting that is missing fails the test.
    func float(_ name: String) -> Float { number(name) ?? .nan }

    func integer(_ name: String) -> Int { group[name] as? Int ?? -1 }

    func choice<Choice: RawRepresentable<String>>(_ name: String) -> Choice? {
      (group[name] as? String).flatMap { Choice(rawValue: $0) }
    }
  }
}
