/// An extractor as the registry knows it: what it is called, which fields of a spec it reads, and how it is made.
public struct FeatureExtractorEntry: Sendable {
  /// What a spec's `extractor` says.
  public let name: String
  /// One line about it, for lists.
  public let summary: String
  /// Names of the fields it reads; a name that ends with a dot stands for all fields of that group.
  private let fieldNames: [String]
  private let shapeOf: @Sendable (FeatureSpec) throws -> MapShape
  private let frameCountOf: @Sendable (FeatureSpec) throws -> @Sendable (Int) -> Int
  private let multiplyAccumulatesOf: @Sendable (FeatureSpec) throws -> Double
  private let makeFrom: @Sendable (FeatureSpec) throws -> any FeatureExtractor

  /// The fields of the waveform, which every extractor reads.
  static let waveformFields = [
    "extractor", "sampleRateHz", "monoRule", "resampler", "waveformNormalization", "preEmphasis",
    "preEmphasisScope",
  ]
  /// The fields of frames and spectra.
  static let spectrumFields = [
    "windowLength", "fftSize", "hopLength", "window", "windowAlignment", "isCentered", "padding", "lastFrame",
    "removesFrameMean", "magnitudeExponent",
  ]
  /// The fields of mel bands.
  static let melFields = ["bands", "melScale", "melNorm", "triangleDomain", "minimumHz", "maximumHz"]
  /// The fields of levels.
  static let levelFields = ["level."]

  /// Describes an extractor.
  /// - Parameters:
  ///   - fields: what it reads besides the waveform's fields.
  ///   - shape: bands and channels of its maps, without making it.
  ///   - frameCount: gives the frames of a clip from its samples, without making it.
  ///   - multiplyAccumulates: what a frame costs, without making it.
  init(
    name: String, summary: String, fields: [String],
    shape: @escaping @Sendable (FeatureSpec) throws -> MapShape,
    frameCount: @escaping @Sendable (FeatureSpec) throws -> @Sendable (Int) -> Int,
    multiplyAccumulates: @escaping @Sendable (FeatureSpec) throws -> Double,
    make: @escaping @Sendable (FeatureSpec) throws -> any FeatureExtractor
  ) {
    self.name = name
    self.summary = summary
    fieldNames = Self.waveformFields + fields
    shapeOf = shape
    frameCountOf = frameCount
    multiplyAccumulatesOf = multiplyAccumulates
    makeFrom = make
  }

  /// Whether it reads a field.
  func reads(_ field: String) -> Bool {
    fieldNames.contains { $0.hasSuffix(".") ? field.hasPrefix($0) : field == $0 }
  }

  /// Bands and channels of the maps of a spec, without computing filters.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  func shape(_ spec: FeatureSpec) throws -> MapShape {
    try spec.validate()
    return try shapeOf(spec)
  }

  /// Shape, frame counts and cost of a spec, without computing filters.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  func outline(_ spec: FeatureSpec) throws -> FeatureOutline {
    FeatureOutline(
      spec: spec, shape: try shape(spec), frameCount: try frameCountOf(spec),
      multiplyAccumulates: multiplyAccumulatesOf)
  }

  /// The extractor of a spec.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  func make(_ spec: FeatureSpec) throws -> any FeatureExtractor {
    try spec.validate()
    return try makeFrom(spec)
  }
}
