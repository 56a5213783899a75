import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX
public import MtagTraining

extension Zoo {
  /// Writes the model of a run as ONNX.
  /// - Parameters:
  ///   - name: a run folder or model file; nil for the newest run.
  ///   - output: nil writes beside the model's own file.
  /// - Returns: the path written.
  public func exportONNX(_ name: String?, to output: String?) throws -> String {
    let resolved = try model(name)
    let beside = (resolved.path as NSString).deletingPathExtension + ".onnx"
    return try writeONNX(resolved.model, to: output ?? beside)
  }

  /// Writes an untrained model as ONNX, its weights drawn from a seed: for trying what comes after training.
  /// - Parameter output: nil writes NAME.onnx into the working folder.
  /// - Returns: the path written.
  public func exportUntrainedONNX(
    model name: String, overrides: [String: JSONValue] = [:], features: String = "melspec", labels: Int = 10,
    seed: UInt64 = 0, to output: String?
  ) throws -> String {
    let model = try untrained(name, overrides: overrides, features: features, labels: labels, seed: seed)
    return try writeONNX(model, to: output ?? "\(name).onnx")
  }

  /// A model of the registry with seeded weights and made-up labels.
  package func untrained(
    _ name: String, overrides: [String: JSONValue], features: String, labels: Int, seed: UInt64
  ) throws -> Model {
    guard labels >= 1 else { throw MtagError(.usage, "\(labels) labels: at least one is needed") }
    let spec = try featureSpec(named: features)
    let architecture = try architectures.item(named: name).entry.architecture(overrides: overrides)
    let graph = try ModelFit(architecture, spec: spec).graph(labels: labels)
    try NetworkResources.requireMemory(graph, threads: 1, isTraining: false)
    return Model(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: seed), featureSpec: spec,
      standardization: Standardization(), labels: (1...labels).map { "label \($0)" }, isMultiLabel: false,
      chunkFrames: max(256, try graph.minimumFrames()), card: ModelCard(notes: "untrained, seed \(seed)"))
  }

  private func writeONNX(_ model: Model, to path: String) throws -> String {
    try OutputFile.require(path, endsIn: "onnx", what: "an ONNX file")
    try ONNXExporter(model: model).write(to: path)
    return path
  }
}
