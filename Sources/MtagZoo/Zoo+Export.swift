import Foundation
public import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
public import MtagONNX
public import MtagTraining

extension Zoo {
  /// Writes the model of a run as ONNX, and checks the file against the engine.
  /// - Parameters:
  ///   - name: a run folder or model file; nil for the newest run.
  ///   - output: nil writes beside the model's own file.
  ///   - options: what the file starts from and how it is written.
  /// - Returns: the path written.
  public func exportONNX(
    _ name: String?, to output: String?, options: ONNXOptions = .init(), observer: Observer = .silent
  ) throws -> String {
    let resolved = try model(name)
    let beside = (resolved.path as NSString).deletingPathExtension + ".onnx"
    return try writeONNX(resolved.model, to: output ?? beside, options: options, observer: observer)
  }

  /// Writes an untrained model as ONNX, its weights drawn from a seed: for trying what comes after training.
  /// - Parameters:
  ///   - features: nil for those that the architecture was made for.
  ///   - output: nil writes NAME.onnx into the working folder.
  /// - Returns: the path written.
  public func exportUntrainedONNX(
    model name: String, overrides: [String: JSONValue] = [:], features: String? = nil, labels: Int = 10,
    seed: UInt64 = 0, to output: String?, options: ONNXOptions = .init(), observer: Observer = .silent
  ) throws -> String {
    let model = try untrained(name, overrides: overrides, features: features, labels: labels, seed: seed)
    return try writeONNX(
      model, to: output ?? "\(model.graph.name).onnx", options: options, observer: observer)
  }

  /// A model of the registry with seeded weights and made-up labels.
  /// - Parameter features: nil for those that its card names.
  package func untrained(
    _ name: String, overrides: [String: JSONValue], features: String?, labels: Int, seed: UInt64
  ) throws -> Model {
    guard labels >= 1 else { throw MtagError(.usage, "\(labels) labels: at least one is needed") }
    let outline = try ArchitectureOutline(
      self, try architecture(named: name), overrides: overrides, features: features, labels: labels)
    let graph = outline.graph
    try NetworkResources.requireMemory(graph, threads: 1, isTraining: false)
    return Model(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: seed),
      featureSpec: outline.features.spec, standardization: Standardization(),
      labels: (1...labels).map { "label \($0)" }, isMultiLabel: false,
      chunkFrames: outline.chunkFrames ?? outline.standardCropFrames,
      card: ModelCard(notes: "untrained, seed \(seed)"))
  }

  private func writeONNX(_ model: Model, to path: String, options: ONNXOptions, observer: Observer) throws
    -> String
  {
    try OutputFile.require(path, endsIn: "onnx", what: "an ONNX file")
    let exporter = ONNXExporter(model: model, options: options)
    let program = try exporter.program()
    try AtomicFile.write(try exporter.data(program), to: path)
    do {
      observer.note(try ONNXSelfCheck(exporter, program: program).run(path).summary)
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
    return path
  }
}

extension ONNXSelfCheck.Outcome {
  /// `checked against the engine at 16, 19 and 31 frames; largest error: scores 1.5e-08, …`
  fileprivate var summary: String {
    let words = lengths.dropLast().map(String.init).joined(separator: ", ")
    let last = lengths.last.map(String.init) ?? ""
    let names = ["scores", "logits", "embedding", "features"]
    let figures = names.compactMap { name in
      errors[name].map { String(format: "\(name) %.1e", $0) }
    }
    return "checked against the engine at \(words) and \(last) \(unit); largest error: "
      + figures.joined(separator: ", ") + (figures.count > 1 ? " (all but scores of the largest value)" : "")
  }
}
