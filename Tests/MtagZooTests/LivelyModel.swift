import Foundation
import MtagEngine
import MtagONNX
import MtagZoo
import Testing

/// An untrained model of the zoo whose logits differ from clip to clip as a trained one's do: weights that keep a signal's size,
/// running statistics away from their start, the standardisation of its own sounds, and a last layer that is scaled to logits of
/// some units.
struct LivelyModel {
  private(set) var model: Model
  /// Sounds of the shortest length and a longer one, with their features.
  let sounds: [Sound]

  struct Sound {
    let batch: Int
    let frames: Int
    /// `[batch, samples]`
    let samples: [Float]
    /// `[batch, bands, frames]`
    let maps: [Float]
  }

  init(_ name: String) throws {
    model = try Zoo().untrained(name, overrides: [:], features: nil, labels: 7, seed: 5)
    try Self.stir(&model)
    let spec = model.featureSpec
    let extractor = try FeatureExtractors.make(spec)
    let shortest = try ONNXExporter.minimumSamples(of: model)
    let step = spec.extractor == "waveform" ? 1 : spec.hopLength
    sounds = try [(shortest, 2), (shortest + 5 * step + 3, 1)].map { samples, batch in
      let sounds = (0..<batch).map { Self.sound(samples: samples, rateHz: spec.sampleRateHz, seed: UInt64($0)) }
      let maps = try sounds.map { try extractor.extract($0) }
      return Sound(
        batch: batch, frames: maps[0].frames, samples: sounds.flatMap(\.self), maps: maps.flatMap(\.values))
    }
    let values = sounds.flatMap(\.maps).map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    // A network that adds up power reads it as it is.
    if spec.level.function != .linear {
      model.standardization = Standardization(mean: Float(mean), deviation: Float(max(variance.squareRoot(), 1e-3)))
    }
    try scaleLastLayer()
  }

  func logits(_ sound: Sound) throws -> [Float] { try run(model.graph, model.weights, sound) }

  func embedding(_ sound: Sound) throws -> [Float]? {
    guard let network = try model.embeddingNetwork() else { return nil }
    return try run(network.graph, network.weights, sound)
  }

  // MARK: - Helpers

  private func run(_ graph: Graph, _ weights: Weights, _ sound: Sound) throws -> [Float] {
    let engine = try InferenceEngine(graph: graph, weights: weights, threads: 2)
    let (mean, deviation) = (model.standardization.mean, model.standardization.deviation)
    return try sound.maps.map { ($0 - mean) / deviation }
      .withUnsafeBufferPointer { try engine.logits($0, batch: sound.batch, frames: sound.frames) }
  }

  /// Uniform weights within 1 / √fan-in shrink a signal to a third or so at each layer with a ReLU; this keeps its size.
  private static func stir(_ model: inout Model) throws {
    var random = RandomGenerator(seed: 11)
    for (index, parameter) in model.weights.parameters.enumerated() {
      let range = model.weights.range(at: index)
      guard case .constant = parameter.initializer else {
        if parameter.name.contains("_l"), parameter.name.contains("ih") || parameter.name.contains("hh") { continue }
        if case .uniform = parameter.initializer, parameter.name.hasSuffix("weight") {
          for place in range { model.weights.values[place] *= 2.4 }
        }
        continue
      }
      if parameter.name.hasSuffix("bw_Q") { continue }
      let isScale = parameter.name.hasSuffix("running_var") || parameter.name.hasSuffix("weight")
      for place in range {
        model.weights.values[place] = isScale ? random.uniform(0.8, 1.25) : random.uniform(-0.2, 0.2)
      }
    }
  }

  /// Multiplies the last layer's weights so that the largest logit is 4.
  private mutating func scaleLastLayer() throws {
    let largest = try sounds.flatMap { try logits($0) }.reduce(Float(0)) { max($0, $1.magnitude) }
    guard largest.isFinite, largest > 0 else { return }
    let last = model.graph.nodes.last { node in
      switch node.operation {
      case .linear, .convolution: true
      default: false
      }
    }
    for name in ["weight", "bias"] {
      guard let last, let range = model.weights.range(of: "\(last.name).\(name)") else { continue }
      for place in range { model.weights.values[place] *= 4 / largest }
    }
  }

  /// Two tones over noise 20 dB below them, 30 dB quieter in the second half.
  private static func sound(samples: Int, rateHz: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed, stream: 9)
    let step = 2 * Float.pi / Float(rateHz)
    let (low, high) = (step * random.uniform(100, 300), step * random.uniform(1000, 2000))
    return (0..<samples).map { index in
      let tone = 0.3 * sin(low * Float(index)) + 0.2 * sin(high * Float(index)) + 0.05 * random.uniform(-1, 1)
      return index < samples / 2 ? tone : 0.03 * tone
    }
  }
}
