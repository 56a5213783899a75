import MtagCore

/// Makes extractors from specs.
public enum FeatureExtractors {
  /// Every extractor, in the order in which lists show them: a new one is a file and a line here.
  public static let entries: [FeatureExtractorEntry] = [
    MelRecipe.entry, STFTRecipe.entry, LogFrequencyRecipe.entry, CepstrumRecipe.entry, ChromaRecipe.entry,
    PCENRecipe.entry, GammatoneRecipe.entry, ContrastRecipe.entry, TempogramRecipe.entry,
    ConstantQExtractor.entry, WaveformExtractor.entry,
  ]

  /// The names that a spec's `extractor` may have.
  public static var names: [String] { entries.map(\.name) }

  /// The extractor that a spec names.
  /// - Throws: `MtagError` (usage) if there is none of that name or the spec is out of range.
  public static func make(_ spec: FeatureSpec) throws -> any FeatureExtractor {
    try entry(of: spec).make(spec)
  }

  /// Shape, frame counts and cost of a spec's maps, without making the extractor.
  /// - Throws: `MtagError` (usage) as `make`.
  public static func outline(of spec: FeatureSpec) throws -> FeatureOutline {
    try entry(of: spec).outline(spec)
  }

  /// Bands and channels of a spec's maps; costs nothing.
  /// - Throws: `MtagError` (usage) as `make`.
  public static func shape(of spec: FeatureSpec) throws -> MapShape { try entry(of: spec).shape(spec) }

  /// The same; nil for an extractor that is not built in, whose shape only its owner knows.
  package static func knownShape(of spec: FeatureSpec) throws -> MapShape? {
    try entry(named: spec.extractor)?.shape(spec)
  }

  /// One line about the extractor of a spec.
  public static func summary(of spec: FeatureSpec) -> String { entry(named: spec.extractor)?.summary ?? "" }

  static func entry(named name: String) -> FeatureExtractorEntry? { entries.first { $0.name == name } }

  private static func entry(of spec: FeatureSpec) throws -> FeatureExtractorEntry {
    if let entry = entry(named: spec.extractor) { return entry }
    let hint = suggestion(for: spec.extractor, among: names)
    throw MtagError(
      .usage, "feature spec '\(spec.name)': there is no extractor '\(spec.extractor)'; \(hint)")
  }
}
