import MtagCore
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX

/// Looks at an ONNX file that was just written: whether it keeps the format's rules, says what it should, and computes what our engine
/// computes, on made-up input of three lengths.
///
/// The operators' meaning is taken from a plain interpreter of the specification that shares no code with the engine.
struct ONNXSelfCheck {
  /// What came out.
  struct Outcome: Sendable {
    /// What the lengths count: `frames` or `samples`.
    let unit: String
    /// The lengths that were run.
    let lengths: [Int]
    /// The largest error of the feature maps, of logits, scores and embedding, as far as the file has them; of all but scores as
    /// a share of the largest value.
    var errors: [String: Float] = [:]
  }

  private let exporter: ONNXExporter
  private let program: ONNXProgram
  private let samples: ONNXCheckSamples
  private var model: Model { exporter.model }
  private var options: ONNXOptions { exporter.options }

  /// Prepares a check.
  /// - Parameters:
  ///   - exporter: what wrote the file.
  ///   - program: what it wrote.
  init(_ exporter: ONNXExporter, program: ONNXProgram) {
    self.exporter = exporter
    self.program = program
    samples = ONNXCheckSamples(model: exporter.model, input: exporter.options.input)
  }

  /// Reads the file back and runs both sides.
  /// - Throws: `MtagError` (internalFault) if the file is not what it should be, or the two differ by more than the file's
  ///   arithmetic explains.
  func run(_ path: String) throws -> Outcome {
    try checkFile(path)
    let lengths = try samples.lengths()
    let unit = options.input == .waveform ? "samples" : "frames"
    var outcome = Outcome(unit: unit, lengths: lengths)
    let interpreter = try ONNXInterpreter(program)
    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 1)
    let embedding = try model.embeddingNetwork().map {
      try InferenceEngine(graph: $0.graph, weights: $0.weights, threads: 1)
    }
    for (index, length) in lengths.enumerated() {
      // Two items at once on the shortest: they must not see each other.
      let sample = try samples.make(length: length, batch: index == 0 ? 2 : 1, seed: UInt64(index))
      var expected = ["logits": try sample.run(engine, model)]
      if let embedding { expected["embedding"] = try sample.run(embedding, model) }
      if options.input == .waveform { expected["features"] = sample.channelsFirst }
      let outputs = try interpreter.run(sample.inputs, wanted: expected.keys + ["scores"])
      for (name, values) in expected {
        let scale = max(values.reduce(0) { max($0, $1.magnitude) }, .leastNormalMagnitude)
        outcome.add(name, try error(outputs[name], values) / scale)
      }
      outcome.add("scores", try error(outputs["scores"], sample.scores(expected["logits"] ?? [], model)))
    }
    try judge(outcome)
    return outcome
  }

  // MARK: - Helpers

  /// The file must be one of ours to our own reader, which compares it with the program node by node and value by value.
  private func checkFile(_ path: String) throws {
    let file = try ONNXFile(path: path)
    if let problem = file.problems().problems.first { throw fault("breaks a rule of the format: \(problem)") }
    let imported = try file.model()
    guard imported.isOwn else { throw fault("is not read back as it was written") }
    // Folding and rounding change the weights on purpose.
    guard options.foldsBatchNorms || options.halvesWeights || imported.model.weights == model.weights else {
      throw fault("holds other weights than the model")
    }
  }

  /// What different orders of sums explain, or a front end in single precision, or weights of 16 bits.
  private func judge(_ outcome: Outcome) throws {
    let allowed: Float = options.halvesWeights ? 0.05 : options.input == .waveform ? 1e-3 : 1e-4
    let scores = outcome.errors["scores"] ?? .nan
    // Written so that NaN fails, too.
    guard scores <= allowed else {
      throw fault("gives scores that differ from the engine's by \(scores), more than \(allowed)")
    }
  }

  /// The largest error; NaN if any value is.
  private func error(_ tensor: InterpreterTensor?, _ expected: [Float]) throws -> Float {
    guard let tensor, case .single(let values) = tensor.values, values.count == expected.count else {
      throw fault("gives \(tensor?.shape ?? []) where \(expected.count) values are expected")
    }
    return zip(values, expected).reduce(0) { largest, pair in
      let error = (pair.0 - pair.1).magnitude
      return error.isNaN || largest.isNaN ? .nan : max(largest, error)
    }
  }

  private func fault(_ words: String) -> MtagError {
    MtagError(.internalFault, "the ONNX file of \(model.graph.name) \(words); please report this")
  }
}

extension ONNXSelfCheck.Outcome {
  /// Takes an error in, if it is the largest of its kind.
  fileprivate mutating func add(_ name: String, _ error: Float) {
    let known = errors[name] ?? 0
    errors[name] = error.isNaN || known.isNaN ? .nan : max(known, error)
  }
}
