import Foundation
public import MtagCore
import MtagData
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
public import MtagONNX
import MtagTraining

/// What a command line says about an ONNX file that does not say it itself.
public struct ONNXChoices: Sendable, Hashable {
  /// Name of the features that its network reads.
  public var features: String?
  /// What the axes of its input mean: `batch,channels,bands,frames`.
  public var axes: String?
  /// The number of frames, where the file leaves it open.
  public var frames: Int?
  /// Whether clips may have several labels.
  public var isMultiLabel: Bool?

  /// Leaves all to the file.
  public init(features: String? = nil, axes: String? = nil, frames: Int? = nil, isMultiLabel: Bool? = nil) {
    self.features = features
    self.axes = axes
    self.frames = frames
    self.isMultiLabel = isMultiLabel
  }
}

extension Zoo {
  /// What is in an ONNX file.
  /// - Throws: `MtagError` (inputMissing, badData) naming the file.
  public func inspectONNX(_ path: String) throws -> ONNXFile.Summary { try ONNXFile(path: path).summary() }

  /// What does not keep the rules of the format, and the operators whose shapes were not checked.
  /// - Throws: `MtagError` (inputMissing, badData) if the file cannot be read at all.
  public func checkONNX(_ path: String) throws -> (problems: [ONNXProblem], unchecked: [String]) {
    try ONNXFile(path: path).problems()
  }

  /// Every output of an ONNX file for one clip, computed by our engine: of the whole clip at once if the network takes any
  /// length, else of the evenly spaced chunks that cover it.
  /// - Throws: `MtagError` naming the file, and the node that cannot be run.
  public func runONNX(
    _ path: String, clip: String, choices: ONNXChoices = .init(), threads: Int, observer: Observer = .silent
  ) throws -> ONNXRun {
    let file = try ONNXFile(path: path)
    let options = try importOptions(choices)
    let imported = try file.model(options)
    for note in imported.notes { observer.note(note) }
    let model = imported.model
    let features = try ClipFeatures.load(clip, extractor: try FeatureExtractors.make(model.featureSpec))
    for warning in features.warnings { observer.note(warning) }
    let batch = try ONNXBatch(
      features.map, model: model, isFixed: try isFixed(file, model, imported, options))
    var outputs: [String: ONNXRun.Output] = [:]
    for output in try ONNXOutputs(file, imported, options).outputs {
      try observer.checkCancelled()
      let engine = try InferenceEngine(graph: output.graph, weights: output.weights, threads: threads)
      try engine.checkMemory(batch: batch.count, frames: batch.frames)
      let values = try batch.values.withUnsafeBufferPointer {
        try engine.logits($0, batch: batch.count, frames: batch.frames)
      }
      let width = values.count / batch.count
      outputs[output.name] = .init(
        shape: [batch.count, width], values: output.head.applied(values, count: width))
    }
    return ONNXRun(path: clip, seconds: features.seconds, frames: batch.frames, outputs: outputs)
  }

  /// The model of an ONNX file.
  func onnxModel(_ path: String, _ choices: ONNXChoices, observer: Observer = .silent) throws -> Model {
    let imported = try ONNXFile(path: path).model(try importOptions(choices))
    for note in imported.notes { observer.note(note) }
    return imported.model
  }

  // MARK: - Helpers

  private func importOptions(_ choices: ONNXChoices) throws -> ONNXImportOptions {
    ONNXImportOptions(
      featureSpec: try choices.features.map { try featureSpec(named: $0) },
      isMultiLabel: choices.isMultiLabel,
      meaning: try choices.axes.map { try InputMeaning(parsing: $0) }, frames: choices.frames)
  }

  /// Whether the network takes chunks of one length only.
  private func isFixed(
    _ file: ONNXFile, _ model: Model, _ imported: ONNXImport, _ options: ONNXImportOptions
  ) throws -> Bool {
    if imported.isOwn { return false }
    return try file.translated(
      .init(meaning: options.meaning, frames: options.frames, bands: model.featureSpec.bands)
    ).isFixedLength
  }
}
