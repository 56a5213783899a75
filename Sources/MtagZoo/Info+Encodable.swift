import MtagFeatures
import MtagModel

/// `info --json`: an object whose `kind` says what it is of.
extension Info: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind, name, summary, bands, channels, spec, sha256, path, labels, card, features, layers
    case isMultiLabel = "multi_label"
    case chunkFrames = "chunk_frames"
  }

  /// Writes what is known.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .architecture(let info):
      try container.encode("architecture", forKey: .kind)
      try info.encode(to: encoder)
    case .features(let name, let summary, let shape, let canonicalText, let sha256):
      try container.encode("features", forKey: .kind)
      try container.encode(name, forKey: .name)
      try container.encode(summary, forKey: .summary)
      try container.encode(shape.bands, forKey: .bands)
      try container.encode(shape.channels, forKey: .channels)
      try container.encode(canonicalText, forKey: .spec)
      try container.encode(sha256, forKey: .sha256)
    case .model(let path, let model, let layers):
      try container.encode("model", forKey: .kind)
      try container.encode(path, forKey: .path)
      try container.encode(model.graph.name, forKey: .name)
      try container.encode(model.featureSpec.name, forKey: .features)
      try container.encode(model.labels, forKey: .labels)
      try container.encode(model.isMultiLabel, forKey: .isMultiLabel)
      try container.encode(model.chunkFrames, forKey: .chunkFrames)
      try container.encode(model.card, forKey: .card)
      try container.encode(layers.map(LayerRow.init), forKey: .layers)
    }
  }
}
