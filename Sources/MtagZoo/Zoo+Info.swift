import Foundation
import MtagCore
import MtagFeatures
public import MtagGraph
public import MtagModel
public import MtagTraining

/// What `info` shows of one name.
public enum Info: Sendable {
  /// An architecture: its card, its settings with their defaults, and its layers for the default clip.
  case architecture(ArchitectureCard, settings: [String: JSONValue], layers: [Layer])
  /// A feature preset, as its canonical text, and its hash.
  case features(name: String, canonicalText: String, sha256: String)
  /// A trained model and its layers for one chunk.
  case model(path: String, Model, layers: [Layer])
}

extension Zoo {
  /// What there is to know about an architecture, a feature preset, a run folder or a model file.
  /// - Throws: `MtagError` (usage) with near names if there is nothing of that name.
  public func info(_ name: String, overrides: [String: JSONValue] = [:]) throws -> Info {
    if let item = architectures.items.first(where: { $0.name == name }) {
      let architecture = try item.entry.architecture(overrides: overrides)
      let spec = try featureSpec(named: "melspec")
      let samples = Int(Self.defaultClipSeconds * Double(spec.sampleRateHz))
      let frames = try FeatureExtractors.make(spec).frameCount(samples: samples)
      let graph = try architecture.graph(bands: spec.bands, labels: Self.defaultLabels)
      return .architecture(
        item.entry.card, settings: try item.entry.defaults().merging(overrides) { $1 },
        layers: try graph.layers(frames: frames))
    }
    if let spec = try? featureSpec(named: name) {
      return .features(name: spec.name, canonicalText: try spec.canonicalText(), sha256: try spec.sha256())
    }
    if FileManager.default.fileExists(atPath: name) || runs().contains(name) {
      let resolved = try model(name)
      let layers = try resolved.model.graph.layers(frames: resolved.model.chunkFrames)
      return .model(path: resolved.path, resolved.model, layers: layers)
    }
    let names = architectures.names + features.names + Self.featureAliases.keys.sorted() + runs()
    throw MtagError(
      .usage, "no model, feature, run or file is named '\(name)'; \(suggestion(for: name, among: names))")
  }
}
