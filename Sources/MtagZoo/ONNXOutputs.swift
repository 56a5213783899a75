import Foundation
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX

/// The outputs of an ONNX file, each as a network that gives it.
struct ONNXOutputs {
  /// An output and what is done to the network's values to get it.
  struct Output {
    let name: String
    let graph: Graph
    let weights: Weights
    let head: ONNXTranslation.Head
  }

  let outputs: [Output]

  /// - Throws: `MtagError` (badData) naming the output that is no vector for each clip, and the node that cannot be translated.
  init(_ file: ONNXFile, _ imported: ONNXImport, _ options: ONNXImportOptions) throws {
    if imported.isOwn {
      outputs = try Self.own(file, imported.model)
      return
    }
    outputs = try file.outputs.map { output in
      let translation = try file.translated(
        .init(
          output: output.name, meaning: options.meaning, frames: options.frames,
          bands: imported.model.featureSpec.bands))
      return Output(
        name: output.name, graph: translation.graph, weights: translation.weights, head: translation.head)
    }
  }

  /// Logits, scores and embedding of a file that this program wrote.
  private static func own(_ file: ONNXFile, _ model: Model) throws -> [Output] {
    try file.outputs.compactMap { output in
      switch output.name {
      case "logits": return Output(name: output.name, graph: model.graph, weights: model.weights, head: .none)
      case "scores":
        return Output(
          name: output.name, graph: model.graph, weights: model.weights,
          head: model.isMultiLabel ? .sigmoid : .softmax)
      default:
        guard let embedding = try model.embeddingNetwork() else { return nil }
        return Output(name: output.name, graph: embedding.graph, weights: embedding.weights, head: .none)
      }
    }
  }
}

extension ONNXTranslation.Head {
  /// The file's output for rows of `count` values.
  func applied(_ values: [Float], count: Int) -> [Float] {
    switch self {
    case .none: return values
    case .sigmoid: return values.map { 1 / (1 + exp(-$0)) }
    case .softmax, .logSoftmax:
      return stride(from: 0, to: values.count, by: count).flatMap { start -> [Float] in
        let row = values[start..<start + count]
        let largest = row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - largest) }
        return self == .softmax ? row.map { exp($0 - largest) / sum } : row.map { $0 - largest - log(sum) }
      }
    }
  }
}
