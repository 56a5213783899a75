import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX

/// The tensors of a file that a network can start from, and what the file says of itself.
struct InitialTensors {
  private let path: String
  private let sources: [WeightMatch.Source]
  private let values: (WeightMatch.Source) throws -> [Float]
  /// The model, if the file is one of ours.
  private let model: Model?

  /// Whether the file says which features it was trained with.
  var namesFrontEnd: Bool { model != nil }

  /// Opens a `.safetensors` or `.onnx` file of any program.
  /// - Throws: `MtagError` naming the file if it cannot be read.
  init(_ path: String) throws {
    self.path = path
    if path.lowercased().hasSuffix(".onnx") {
      let weights = ONNXWeights(try ONNXFile(path: path))
      sources = weights.sources
      values = { try weights.values($0) }
      model = weights.model
      return
    }
    let file = try WeightFile(path: path)
    sources = file.tensors
    values = { try file.values($0) }
    model = file.isModel ? try Model.load(path) : nil
  }

  /// - Throws: `MtagError` (badData) naming the fields that differ, if the file names other features.
  func requireFrontEnd(_ spec: FeatureSpec) throws { try model?.requireFrontEnd(spec) }

  /// Which tensor becomes which parameter.
  /// - Parameter labels: the labels that the network is for; nil to look at shapes alone.
  func match(_ graph: Graph, labels: [String]?, axes: KernelAxes) throws -> WeightMatch {
    // What gives the logits is the last layer with weights; a pooling over frames may come after it.
    let parameters = try graph.parameters()
    let head = parameters.last.map {
      String($0.name.prefix(upTo: $0.name.lastIndex(of: ".") ?? $0.name.endIndex))
    }
    return WeightMatch(
      parameters: parameters, sources: sources, head: head,
      isHeadReplaced: labels.map { wanted in model.map { $0.labels != wanted } ?? false } ?? false, axes: axes
    )
  }

  /// Puts the values where `match` says.
  /// - Throws: `MtagError` naming the file and the tensor.
  func take(_ match: WeightMatch, into weights: inout Weights) throws {
    do {
      try match.apply(to: &weights, read: values)
    } catch let error as MtagError where !error.message.hasPrefix(path) {
      throw MtagError(error.kind, "\(path): \(error.message)")
    }
  }
}
