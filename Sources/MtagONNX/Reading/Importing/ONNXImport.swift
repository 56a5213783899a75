import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
public import MtagModel

/// A model from an ONNX file.
public struct ONNXImport: Sendable {
  /// The model.
  public let model: Model
  /// Whether this program wrote the file, and it still holds what was written.
  public let isOwn: Bool
  /// What the file computes of the logits at its output.
  public let head: ONNXTranslation.Head
  /// What is worth knowing, a line each.
  public let notes: [String]
}

extension ONNXFile {
  /// The file's model, ready to run.
  ///
  /// A file that this program wrote is read by its metadata: graph, feature spec, labels and standardisation; what its nodes
  /// say is compared with what would be written for that model, so that what runs is what the file holds. All other files
  /// are translated node by node.
  /// - Throws: `MtagError` (badData) naming the node that cannot be translated, or (usage) what must be said about the file.
  public func model(_ options: ONNXImportOptions = .init()) throws -> ONNXImport {
    var notes: [String] = []
    if metadata["producer"] == "mtag-zoo", metadata["graph"] != nil, options.meaning == nil,
      options.output == nil
    {
      switch try OwnFile(self).model() {
      case .same(let model):
        try requireSpec(model.featureSpec, options)
        return ONNXImport(
          model: model, isOwn: true, head: model.isMultiLabel ? .sigmoid : .softmax, notes: [])
      case .other(let reason):
        guard metadata["input"] != "waveform" else {
          throw bad(
            "its front end is not that of its feature_spec: \(reason); export it again, or with --input features"
          )
        }
        notes.append(
          "\(path): its nodes are not those that mtag-zoo writes for its metadata (\(reason)); they are translated"
        )
      }
    }
    let spec = try featureSpec(options)
    let translation = try translated(
      .init(output: options.output, meaning: options.meaning, frames: options.frames, bands: spec.bands))
    do {
      let model = try model(translation, spec, options)
      try model.validate()
      return ONNXImport(model: model, isOwn: false, head: translation.head, notes: notes)
    } catch let error as MtagError where error.kind == .usage {
      throw bad(error.message)
    }
  }

  // MARK: - Helpers

  private func model(
    _ translation: ONNXTranslation, _ spec: FeatureSpec, _ options: ONNXImportOptions
  ) throws -> Model {
    let graph = translation.graph
    let count = try graph.labelCount()
    var labels = decoded([String].self, "labels") ?? []
    if labels.count != count || Set(labels).count != count { labels = (1...count).map { "label \($0)" } }
    let isMultiLabel =
      options.isMultiLabel ?? metadata["multi_label"].flatMap { Bool($0) } ?? (translation.head == .sigmoid)
    var chunk = translation.frames
    if !translation.isFixedLength {
      // Three seconds of samples, or as many frames as training takes.
      let usual = spec.extractor == "waveform" ? 3 * spec.sampleRateHz : 256
      chunk = max(metadata["chunk_frames"].flatMap { Int($0) } ?? usual, try graph.minimumFrames())
    }
    return Model(
      graph: graph, weights: translation.weights, featureSpec: spec, standardization: Standardization(),
      labels: labels,
      isMultiLabel: isMultiLabel, chunkFrames: chunk,
      card: decoded(ModelCard.self, "card")
        ?? ModelCard(dataset: "unknown", notes: "from ONNX, written by \(producer)"))
  }

  /// The spec of the file's features, its hash checked; else the one that is given.
  private func featureSpec(_ options: ONNXImportOptions) throws -> FeatureSpec {
    guard metadata["feature_spec"] != nil else {
      guard let spec = options.featureSpec else {
        throw MtagError(
          .usage,
          "\(path) does not say which features its network reads; name them with --features (see list features)"
        )
      }
      return spec
    }
    guard let spec = decoded(FeatureSpec.self, "feature_spec") else {
      throw bad("its feature_spec is not what this program writes")
    }
    let computed = try spec.sha256()
    guard metadata["feature_spec_sha256"] ?? computed == computed else {
      throw bad(
        "its feature spec '\(spec.name)' does not have the SHA-256 that the file names; it was edited or damaged"
      )
    }
    try requireSpec(spec, options)
    return spec
  }

  private func requireSpec(_ spec: FeatureSpec, _ options: ONNXImportOptions) throws {
    guard let given = options.featureSpec else { return }
    let differences = spec.differences(from: given)
    guard differences.isEmpty else {
      throw bad(
        "its network reads '\(spec.name)', not '\(given.name)' (\(differences.joined(separator: "; "))); leave out --features"
      )
    }
  }

  func decoded<Value: Decodable>(_ type: Value.Type, _ key: String) -> Value? {
    metadata[key].flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}
