import Foundation
import MtagCore
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX

/// Compares what an ONNX file says with what our engine computes, on made-up input of three lengths: the operators' meaning is
/// taken from a plain interpreter of the specification that shares no code with the engine.
struct ONNXSelfCheck {
  /// What came out.
  struct Outcome: Sendable {
    /// What the lengths count: `frames` or `samples`.
    let unit: String
    /// The lengths that were run.
    let lengths: [Int]
    /// The largest error of logits, relative to the largest logit or 1.
    let logitError: Float
    /// The largest error of scores.
    let scoreError: Float
  }

  private let model: Model
  private let options: ONNXOptions
  private let interpreter: ONNXInterpreter
  private let engine: InferenceEngine

  /// Prepares a check of what an exporter writes.
  /// - Throws: `MtagError` as the exporter and the engine.
  init(_ exporter: ONNXExporter) throws {
    model = exporter.model
    options = exporter.options
    interpreter = try ONNXInterpreter(try exporter.program())
    engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 1)
  }

  /// Runs both sides.
  /// - Throws: `MtagError` (internalFault) if they differ by more than the file's arithmetic explains.
  func run() throws -> Outcome {
    let lengths = try checkedLengths()
    var (logitError, scoreError): (Float, Float) = (0, 0)
    for (index, length) in lengths.enumerated() {
      // Two items at once on the shortest: they must not see each other.
      let batch = index == 0 ? 2 : 1
      let (inputs, expected) = try sample(length: length, batch: batch, seed: UInt64(index))
      let outputs = try interpreter.run(inputs, wanted: ["logits", "scores"])
      let logits = try values(outputs["logits"], count: batch * model.labels.count)
      let scores = try values(outputs["scores"], count: batch * model.labels.count)
      let scale = expected.reduce(1) { max($0, $1.magnitude) }
      logitError = max(logitError, Self.largestError(logits, expected) / scale)
      scoreError = max(scoreError, Self.largestError(scores, activated(expected, batch: batch)))
    }
    let unit = options.input == .waveform ? "samples" : "frames"
    let outcome = Outcome(unit: unit, lengths: lengths, logitError: logitError, scoreError: scoreError)
    // Written so that NaN fails, too.
    guard outcome.scoreError <= allowedError else {
      throw MtagError(
        .internalFault,
        "the ONNX file's scores differ from the engine's by \(outcome.scoreError), more than \(allowedError); please report this"
      )
    }
    return outcome
  }

  // MARK: - Helpers

  /// What different orders of sums explain, or a front end in single precision, or weights of 16 bits.
  private var allowedError: Float {
    options.halvesWeights ? 0.05 : options.input == .waveform ? 1e-3 : 1e-4
  }

  /// The shortest input there may be, and two longer ones.
  private func checkedLengths() throws -> [Int] {
    let shortest: Int
    var longest = Int.max
    if options.input == .waveform {
      shortest = try ONNXExporter.minimumSamples(of: model)
      if let frames = try model.graph.maximumFrames() {
        longest = try FeatureExtractors.outline(of: model.featureSpec).fewestSamples(frames: frames + 1) - 1
      }
      let step = max(1, model.featureSpec.extractor == "waveform" ? 1 : model.featureSpec.hopLength)
      return [shortest, shortest + 3 * step + 1, shortest + shortest / 2 + 7 * step].map {
        min($0, longest)
      }
    }
    shortest = try model.graph.minimumFrames()
    longest = try model.graph.maximumFrames() ?? .max
    return [shortest, shortest + 3, shortest + shortest / 2 + 7].map { min($0, longest) }
  }

  /// Inputs of the file, and the logits that the engine gives on them.
  private func sample(length: Int, batch: Int, seed: UInt64) throws -> (
    inputs: [String: InterpreterTensor], logits: [Float]
  ) {
    if options.input == .features {
      let (bands, channels) = (model.graph.inputBands, model.graph.inputChannels)
      let maps = features(count: batch * bands * length * channels, seed: seed)
      let tensor = InterpreterTensor(
        [batch, channels, bands, length],
        Self.channelsFirst(maps, batch: batch, area: bands * length, channels: channels))
      return (["features": tensor], try logits(maps, batch: batch, frames: length))
    }
    let extractor = try FeatureExtractors.make(model.featureSpec)
    var (waveform, maps): ([Float], [Float]) = ([], [])
    var frames = 0
    for item in 0..<batch {
      let sound = sound(samples: length, seed: seed &* 16 &+ UInt64(item))
      let map = try extractor.extract(sound)
      waveform += sound
      maps += map.values
      frames = map.frames
    }
    return (
      ["waveform": InterpreterTensor([batch, length], waveform)],
      try logits(maps, batch: batch, frames: frames)
    )
  }

  /// Values around the standardisation's mean, in runs of four frames.
  private func features(count: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed, stream: 0x0dd)
    var level: Float = 0
    return (0..<count).map { index in
      if index.isMultiple(of: 4) { level = random.uniform(-1.5, 1.5) }
      return model.standardization.mean + model.standardization.deviation
        * (level + random.uniform(-0.5, 0.5))
    }
  }

  /// Two tones and a little noise that swells.
  private func sound(samples: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed, stream: 0x50d)
    let step = 2 * Float.pi / Float(model.featureSpec.sampleRateHz)
    let (low, high) = (step * random.uniform(100, 400), step * random.uniform(800, 3000))
    return (0..<samples).map { index in
      let tones = 0.3 * sin(low * Float(index)) + 0.1 * sin(high * Float(index))
      return tones + 0.1 * (0.5 + Float(index) / Float(2 * samples)) * random.uniform(-1, 1)
    }
  }

  /// Standardises `[batch, bands, frames, channels]` and runs the engine.
  private func logits(_ maps: [Float], batch: Int, frames: Int) throws -> [Float] {
    let (mean, deviation) = (model.standardization.mean, model.standardization.deviation)
    return try maps.map { ($0 - mean) / deviation }
      .withUnsafeBufferPointer { try engine.logits($0, batch: batch, frames: frames) }
  }

  /// Scores of logits, `[batch, labels]`.
  private func activated(_ logits: [Float], batch: Int) -> [Float] {
    if model.isMultiLabel { return logits.map { 1 / (1 + exp(-$0)) } }
    let labels = logits.count / batch
    return (0..<batch).flatMap { item -> [Float] in
      let row = logits[item * labels..<(item + 1) * labels]
      let largest = row.max() ?? 0
      let powers = row.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }

  private func values(_ tensor: InterpreterTensor?, count: Int) throws -> [Float] {
    guard let tensor, case .single(let values) = tensor.values, values.count == count else {
      throw MtagError(
        .internalFault, "the ONNX file gives outputs of shape \(tensor?.shape ?? []); please report this")
    }
    return values
  }

  /// `[batch, area, channels]` → `[batch, channels, area]`
  private static func channelsFirst(_ values: [Float], batch: Int, area: Int, channels: Int) -> [Float] {
    if channels == 1 { return values }
    var result = [Float](repeating: 0, count: values.count)
    for item in 0..<batch {
      for place in 0..<area {
        for channel in 0..<channels {
          result[(item * channels + channel) * area + place] =
            values[(item * area + place) * channels + channel]
        }
      }
    }
    return result
  }

  /// NaN if any value is.
  private static func largestError(_ one: [Float], _ other: [Float]) -> Float {
    zip(one, other).reduce(0) { largest, pair in
      let error = (pair.0 - pair.1).magnitude
      return error.isNaN || largest.isNaN ? .nan : max(largest, error)
    }
  }
}
