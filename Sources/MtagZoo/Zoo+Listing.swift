import Foundation
import MtagCore
import MtagFeatures

/// A kind of thing that can be listed.
public enum ListingKind: String, CaseIterable, Sendable {
  /// Architectures.
  case models
  /// Feature presets.
  case features
  /// Data sets that can be named.
  case datasets
}

extension Zoo {
  /// The clip that costs are given for where an architecture names no chunk of its own.
  public static let defaultClipSeconds = 30.0
  /// The number of labels that costs are given for.
  public static let defaultLabels = 10

  /// What there is, in natural order.
  /// - Parameters:
  ///   - patterns: names with `*`, `?` and `[…]`, and paths of declared architectures; none matches everything.
  ///   - excluding: patterns of names to leave out.
  /// - Throws: `MtagError` (usage) if no name matches.
  public func listing(
    _ kinds: [ListingKind] = ListingKind.allCases, patterns: [String] = [], excluding: [String] = []
  ) throws -> Listing {
    func wanted(_ name: String) -> Bool {
      (patterns.isEmpty || patterns.contains { NamePattern($0).matches(name) })
        && !excluding.contains { NamePattern($0).matches(name) }
    }
    var listing = Listing()
    if kinds.contains(.models) {
      let files = try patterns.filter(Self.isModelFile).map { try architecture(named: $0) }
      let entries = architectures.items.filter { wanted($0.name) }.map(\.entry) + files
      listing.models = try entries.map { try ArchitectureOutline(self, $0, labels: Self.defaultLabels).row() }
    }
    if kinds.contains(.features) {
      listing.features = try features.items.filter { wanted($0.name) }.map { try row($0.entry) }
    }
    if kinds.contains(.datasets) {
      listing.datasets = [
        .init(name: Self.starterName, summary: "synthesised by the program: voices and styles, no real music")
      ].filter { wanted($0.name) }
    }
    let count = (listing.models?.count ?? 0) + (listing.features?.count ?? 0) + (listing.datasets?.count ?? 0)
    guard count > 0 || patterns.isEmpty else {
      let names =
        (kinds.contains(.models) ? architectures.names : [])
        + (kinds.contains(.features) ? features.names : [])
      let typed = patterns.joined(separator: " ")
      throw MtagError(.usage, "nothing is named '\(typed)'; \(suggestion(for: typed, among: names))")
    }
    return listing
  }

  private func row(_ spec: FeatureSpec) throws -> Listing.FeatureRow {
    let outline = try FeatureExtractors.outline(of: spec)
    let frames = outline.frameCount(samples: Int(Self.defaultClipSeconds * Double(spec.sampleRateHz)))
    let fields = Set(spec.settingNames)
    return Listing.FeatureRow(
      name: spec.name, aliases: Self.featureAliases.filter { $0.value == spec.name }.keys.sorted(),
      summary: FeaturePresets.summary(of: spec), extractor: spec.extractor,
      kind: FeatureExtractors.summary(of: spec), bands: outline.shape.bands, channels: outline.shape.channels,
      sampleRateHz: spec.sampleRateHz,
      windowLength: fields.contains("windowLength") ? spec.windowLength : nil,
      hopLength: fields.contains("hopLength") ? spec.hopLength : nil,
      macs: try Int(outline.multiplyAccumulatesPerFrame() * Double(frames)), sha256: try spec.sha256())
  }
}
