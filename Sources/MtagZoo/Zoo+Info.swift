import Foundation
import MtagCore
public import MtagFeatures
public import MtagGraph
public import MtagModel
public import MtagTraining

/// What `info` shows of one name.
public enum Info: Sendable {
  /// An architecture: its card, its settings with their defaults, and its layers for the default clip.
  case architecture(
    ArchitectureCard, settings: [String: JSONValue], features: String, shortestClipSeconds: Double,
    layers: [Layer])
  /// Features: what they are in a line, the shape of their maps, every field as canonical text, and the hash of that.
  case features(name: String, summary: String, shape: MapShape, canonicalText: String, sha256: String)
  /// A trained model and its layers for one chunk.
  case model(path: String, Model, layers: [Layer])
}

extension Zoo {
  /// Whether a name begins with that of a preset, so that what is wrong with the rest is worth saying.
  private func isFeature(_ name: String) -> Bool {
    let preset = name.prefix { $0 != "(" }.trimmingCharacters(in: .whitespaces)
    return features.names.contains(preset) || Self.featureAliases[preset] != nil
  }

  /// What there is to know about an architecture, a feature preset, a run folder or a model file.
  /// - Throws: `MtagError` (usage) with near names if there is nothing of that name.
  public func info(_ name: String, settings: [String] = [], features: String = "melspec") throws -> Info {
    if let item = architectures.items.first(where: { $0.name == name }) {
      let (overrides, features) = try self.settings(settings, model: name, features: features)
      let architecture = try item.entry.architecture(overrides: overrides)
      let spec = try featureSpec(named: features)
      let outline = try FeatureExtractors.outline(of: spec)
      let frames = outline.frameCount(samples: Int(Self.defaultClipSeconds * Double(spec.sampleRateHz)))
      let graph = try ModelFit(architecture, spec: spec).graph(labels: Self.defaultLabels)
      return .architecture(
        item.entry.card, settings: try item.entry.defaults().merging(overrides) { $1 }, features: spec.name,
        shortestClipSeconds: try graph.shortestClipSeconds(outline),
        layers: try graph.layers(frames: frames))
    }
    if isFeature(name) {
      let spec = try featureSpec(named: featureName(name, settings: settings))
      return .features(
        name: spec.name, summary: FeaturePresets.summary(of: spec),
        shape: try FeatureExtractors.shape(of: spec),
        canonicalText: try spec.canonicalText(), sha256: try spec.sha256())
    }
    if FileManager.default.fileExists(atPath: name) || runs().contains(name) {
      let resolved = try model(name)
      let layers = try resolved.model.graph.layers(frames: resolved.model.chunkFrames)
      return .model(path: resolved.path, resolved.model, layers: layers)
    }
    let names = architectures.names + self.features.names + Self.featureAliases.keys.sorted() + runs()
    throw MtagError(
      .usage, "no model, feature, run or file is named '\(name)'; \(suggestion(for: name, among: names))")
  }
}
