import Foundation
import MtagCore
public import MtagFeatures
public import MtagGraph
public import MtagModel
import MtagTraining

/// What `info` shows of one name.
public enum Info: Sendable {
  /// An architecture: its card, its settings, its costs and its layers.
  case architecture(ArchitectureInfo)
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

  /// What there is to know about an architecture (also a file of one), a feature preset, a run folder or a model file.
  /// - Parameter features: those that an architecture is looked at with; nil for those it was made for.
  /// - Throws: `MtagError` (usage) with near names if there is nothing of that name.
  public func info(_ name: String, settings: [String] = [], features: String? = nil) throws -> Info {
    if architectures.names.contains(name) || Self.isModelFile(name) {
      return .architecture(try architectureInfo(name, settings: settings, features: features))
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

  private func architectureInfo(_ name: String, settings: [String], features: String?) throws
    -> ArchitectureInfo
  {
    let entry = try architecture(named: name)
    let (overrides, spec) = try self.settings(settings, model: name, features: features)
    let isOwn = try features == nil && spec == featureSpec(named: entry.card.features).name
    let outline = try ArchitectureOutline(
      self, entry, overrides: overrides, features: isOwn ? nil : spec, labels: Self.defaultLabels)
    return ArchitectureInfo(
      card: entry.card, settings: try Settings.merge(overrides, into: try entry.defaults(), owner: name),
      row: try outline.row(), maximumFrames: outline.maximumFrames, layers: try outline.layers())
  }
}
