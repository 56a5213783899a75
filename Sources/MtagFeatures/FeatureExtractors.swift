import MtagCore

/// Makes extractors from specs.
public enum FeatureExtractors {
  /// The names that a spec's `extractor` may have.
  public static let names = [MelExtractor.name]

  /// The extractor that a spec names.
  /// - Throws: `MtagError` (usage) if there is none of that name or the spec is out of range.
  public static func make(_ spec: FeatureSpec) throws -> any FeatureExtractor {
    switch spec.extractor {
    case MelExtractor.name: return try MelExtractor(spec: spec)
    default:
      let hint = suggestion(for: spec.extractor, among: names)
      throw MtagError(
        .usage, "feature spec '\(spec.name)': there is no extractor '\(spec.extractor)'; \(hint)")
    }
  }
}
