import Foundation
import MtagCore
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX

/// Made-up inputs for the check of an ONNX file: as short as the network takes them, and longer.
struct ONNXCheckSamples {
  let model: Model
  let input: ONNXOptions.Input

  /// An input for both sides.
  struct Sample {
    /// What the file takes.
    let inputs: [String: InterpreterTensor]
    /// What the engine takes before standardisation, `[batch, bands, frames, channels]`.
    let maps: [Float]
    /// The same with channels first.
    let channelsFirst: [Float]
    let batch: Int
    let frames: Int

    /// What an engine gives for it.
    func run(_ engine: InferenceEngine, _ model: Model) throws -> [Float] {
      let (mean, deviation) = (model.standardization.mean, model.standardization.deviation)
      return try maps.map { ($0 - mean) / deviation }
        .withUnsafeBufferPointer { try engine.logits($0, batch: batch, frames: frames) }
    }

    /// Scores of logits, `[batch, labels]`.
    func scores(_ logits: [Float], _ model: Model) -> [Float] {
      if model.isMultiLabel { return logits.map { 1 / (1 + exp(-$0)) } }
      let labels = logits.count / batch
      return (0..<batch).flatMap { item -> [Float] in
        let row = logits[item * labels..<(item + 1) * labels]
        let largest = row.max() ?? 0
        let sum = row.reduce(0) { $0 + exp($1 - largest) }
        return row.map { exp($0 - largest) / sum }
      }
    }
  }

  /// The shortest input there may be, and two longer ones.
  func lengths() throws -> [Int] {
    let longestFrames = try model.graph.maximumFrames()
    guard input == .waveform else {
      let shortest = try model.graph.minimumFrames()
      return [shortest, shortest + 3, shortest + shortest / 2 + 7].map { min($0, longestFrames ?? $0) }
    }
    let shortest = try ONNXExporter.minimumSamples(of: model)
    let outline = try FeatureExtractors.outline(of: model.featureSpec)
    let longest = longestFrames.map { outline.fewestSamples(frames: $0 + 1) - 1 } ?? .max
    let step = model.featureSpec.extractor == "waveform" ? 1 : model.featureSpec.hopLength
    return [shortest, shortest + 3 * step + 1, shortest + shortest / 2 + 7 * step].map { min($0, longest) }
  }

  /// An input of so many frames or samples.
  func make(length: Int, batch: Int, seed: UInt64) throws -> Sample {
    let (bands, channels) = (model.graph.inputBands, model.graph.inputChannels)
    if input == .features {
      let maps = features(count: batch * bands * length * channels, seed: seed)
      let first = Self.channelsFirst(maps, batch: batch, area: bands * length, channels: channels)
      let tensor = InterpreterTensor([batch, channels, bands, length], first)
      return Sample(
        inputs: ["features": tensor], maps: maps, channelsFirst: first, batch: batch, frames: length)
    }
    let extractor = try FeatureExtractors.make(model.featureSpec)
    let sounds = (0..<batch).map { sound(samples: length, seed: seed &* 16 &+ UInt64($0)) }
    let extracted = try sounds.map { try extractor.extract($0) }
    let frames = extracted.first?.frames ?? 0
    let maps = extracted.flatMap(\.values)
    return Sample(
      inputs: ["waveform": InterpreterTensor([batch, length], sounds.flatMap(\.self))], maps: maps,
      channelsFirst: Self.channelsFirst(maps, batch: batch, area: bands * frames, channels: channels),
      batch: batch, frames: frames)
  }

  // MARK: - Helpers

  /// Values around the standardisation's mean, in runs of four.
  private func features(count: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed, stream: 0x0dd)
    var level: Float = 0
    return (0..<count).map { index in
      if index.isMultiple(of: 4) { level = random.uniform(-1.5, 1.5) }
      return model.standardization.mean
        + model.standardization.deviation * (level + random.uniform(-0.5, 0.5))
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
}
