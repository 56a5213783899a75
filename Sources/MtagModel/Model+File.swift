import Foundation
import MtagCore
import MtagFeatures
import MtagGraph

/// Models as files: one .safetensors file that describes itself. Its header's metadata holds `format`, `graph`,
/// `feature_spec`, `feature_spec_sha256`, `standardization`, `labels`, `multi_label`, `chunk_frames` and `card`.
extension Model {
  /// Writes the model, and with `extra` what is needed to train it further. The same model gives the same bytes.
  /// - Throws: `MtagError` (usage) if the model does not hold together, cannotCreate or inputOutput if writing fails.
  public func save(to path: String, extra: TrainingState? = nil) throws {
    try validate()
    var file = SafetensorsWriter()
    for (key, text) in try ModelMetadata.texts(self) { file.set(key, text) }
    file.set("format", ModelMetadata.format)
    file.set("graph", try ModelMetadata.json(graph, "graph"))
    for (index, parameter) in weights.parameters.enumerated() {
      guard !parameter.name.hasPrefix(TrainingState.tensorPrefix) else {
        throw MtagError(
          .usage, "\(graph.name): the node of '\(parameter.name)' cannot be named 'optimizer'; rename it")
      }
      file.add(parameter.name, shape: parameter.shape, values: weights.values[weights.range(at: index)])
    }
    if let extra {
      file.set(TrainingState.textKey, extra.text)
      for (name, values) in extra.moments {
        file.add(TrainingState.tensorPrefix + name, shape: [values.count], values: values[...])
      }
    }
    try file.write(to: path)
  }

  /// Reads a model and checks everything in it.
  /// - Throws: `MtagError` naming the file and what is wrong: inputMissing if it cannot be opened, badData if it is no
  ///   model, if its weights are not those of its graph, or if its feature spec is not the one its hash names.
  public static func load(_ path: String) throws -> Model {
    let file = try SafetensorsReader(path: path)
    do {
      return try load(file)
    } catch let error as MtagError where error.kind == .usage {
      throw MtagError(.badData, "\(path): \(error.message)")
    }
  }

  // MARK: - Helpers

  private static func load(_ file: borrowing SafetensorsReader) throws -> Model {
    let metadata = file.metadata
    guard let format = metadata["format"] else {
      throw MtagError(
        .usage, "no mtag-zoo model: its header has no 'format'; import weights of other programs as ONNX")
    }
    guard format == ModelMetadata.format else {
      throw MtagError(.usage, "its format is '\(format)', and this program reads '\(ModelMetadata.format)'")
    }
    let graph: Graph = try decode(metadata, "graph")
    let featureSpec: FeatureSpec = try decode(metadata, "feature_spec")
    let labels: [String] = try decode(metadata, "labels")
    guard let frames = metadata["chunk_frames"], let chunkFrames = Int(frames) else {
      throw MtagError(.usage, "its chunk_frames '\(metadata["chunk_frames"] ?? "")' is no whole number")
    }
    guard let choice = metadata["multi_label"], let isMultiLabel = Bool(choice) else {
      throw MtagError(.usage, "its multi_label '\(metadata["multi_label"] ?? "")' is neither true nor false")
    }
    try validate(graph: graph, featureSpec: featureSpec, labels: labels, chunkFrames: chunkFrames)
    let (named, computed) = (metadata["feature_spec_sha256"] ?? "", try featureSpec.sha256())
    guard named == computed else {
      throw MtagError(
        .usage,
        "its feature spec '\(featureSpec.name)' has the SHA-256 \(computed), and the file names \(named);"
          + " it was edited or damaged")
    }
    let model = Model(
      graph: graph, weights: try weights(file, of: graph), featureSpec: featureSpec,
      standardization: try decode(metadata, "standardization"), labels: labels, isMultiLabel: isMultiLabel,
      chunkFrames: chunkFrames, card: try decode(metadata, "card"))
    try model.validate()
    return model
  }

  private static func decode<Value: Decodable>(_ metadata: [String: String], _ key: String) throws -> Value {
    guard let text = metadata[key] else { throw MtagError(.usage, "its header has no '\(key)'") }
    do {
      return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
    } catch let error as MtagError {
      throw error
    } catch let DecodingError.keyNotFound(field, _) {
      throw MtagError(.usage, "its \(key) has no '\(field.stringValue)'")
    } catch {
      throw MtagError(.usage, "its \(key) is not what this program writes")
    }
  }

  /// The weights, once names and shapes are those of the graph; nothing is allocated before.
  private static func weights(_ file: borrowing SafetensorsReader, of graph: Graph) throws -> Weights {
    let parameters = try graph.parameters()
    var found: [String: TensorHeader] = [:]
    for tensor in file.tensors where !tensor.name.hasPrefix(TrainingState.tensorPrefix) {
      found[tensor.name] = tensor
    }
    let missing = parameters.map(\.name).filter { found[$0] == nil }
    let unexpected = Set(found.keys).subtracting(parameters.map(\.name)).sorted()
    guard missing.isEmpty, unexpected.isEmpty else {
      throw MtagError(
        .usage,
        "its tensors are not \(graph.name)'s: missing \(list(missing)), unexpected \(list(unexpected))")
    }
    for parameter in parameters where found[parameter.name]?.shape != parameter.shape {
      throw MtagError(
        .usage,
        "'\(parameter.name)' has the shape \(found[parameter.name]?.shape ?? []), not \(parameter.shape)")
    }
    var weights = Weights(parameters: parameters)
    for parameter in parameters {
      if let tensor = found[parameter.name] { weights[parameter.name] = try file.values(tensor) }
    }
    return weights
  }

  private static func list(_ names: [String]) -> String {
    if names.isEmpty { return "none" }
    let more = names.count > 5 ? " and \(names.count - 5) more" : ""
    return names.prefix(5).map { "'\($0)'" }.joined(separator: ", ") + more
  }
}
