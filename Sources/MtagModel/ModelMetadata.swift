import Foundation
import MtagCore
import MtagFeatures
import MtagGraph

/// The texts that describe a model in a .safetensors header and, but for the graph, in ONNX `metadata_props`.
package enum ModelMetadata {
  /// The version of the file layout.
  package static let format = "mtag-zoo/1"

  /// Every key but `format` and `graph`. The same model gives the same texts.
  /// - Throws: `MtagError` (usage) for a value that JSON cannot hold, such as a metric that is NaN.
  package static func texts(_ model: Model) throws -> [String: String] {
    [
      "labels": try json(model.labels, "labels"),
      "feature_spec": try json(model.featureSpec, "feature_spec"),
      "feature_spec_sha256": try model.featureSpec.sha256(),
      "standardization": try json(model.standardization, "standardization"),
      "multi_label": String(model.isMultiLabel),
      "chunk_frames": String(model.chunkFrames),
      "card": try json(model.card, "card"),
    ]
  }

  /// A value as JSON on one line, keys sorted.
  package static func json(_ value: some Encodable, _ key: String) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw MtagError(.usage, "the model's \(key) cannot be written: a number in it is NaN or infinite")
    }
  }
}
