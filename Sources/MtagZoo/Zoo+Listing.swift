import Foundation
import MtagCore
import MtagFeatures
import MtagGraph

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
  /// The clip that costs are given for.
  public static let defaultClipSeconds = 30.0
  /// The number of labels that costs are given for.
  public static let defaultLabels = 10

  /// What there is, in natural order.
  /// - Parameters:
  ///   - patterns: names with `*`, `?` and `[…]`; none matches everything.
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
      listing.models = try architectures.items.filter { wanted($0.name) }.map { try row($0.entry) }
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

  private func row(_ entry: ArchitectureEntry) throws -> Listing.ModelRow {
    let spec = try featureSpec(named: entry.card.features)
    let outline = try FeatureExtractors.outline(of: spec)
    let graph = try ModelFit(entry.architecture(), spec: spec).graph(labels: Self.defaultLabels)
    let wanted = outline.frameCount(samples: Int(Self.defaultClipSeconds * Double(spec.sampleRateHz)))
    let frames = min(wanted, try graph.maximumFrames() ?? wanted)
    let layers = try graph.layers(frames: frames)
    let field = ReceptiveField.of(graph)
    let seconds = Double(spec.hopLength) / Double(spec.sampleRateHz)
    return Listing.ModelRow(
      name: entry.card.name, summary: entry.card.summary,
      parameters: layers.reduce(0) { $0 + $1.trainedCount },
      macs: layers.reduce(0) { $0 + $1.multiplyAccumulates },
      frontEndMACs: try Int(outline.multiplyAccumulatesPerFrame() * Double(frames)),
      minimumSeconds: try graph.shortestClipSeconds(outline),
      receptiveFieldFrames: field.frames, receptiveFieldSeconds: Double(field.frames) * seconds)
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
