import Foundation
import MtagEngine
import MtagTestSupport
import MtagZoo
import Testing

/// What holds for every architecture of the zoo; a new one is tested by being registered.
@Suite struct ArchitectureTests {
  static let names = (try? Zoo().architectures.names) ?? []

  /// A seeded model with three labels and a batch of noise: small versions of the networks that have oracle vectors, with their
  /// dropout; others as they are, with two clips that are a little longer than the shortest.
  private struct Bench {
    let graph: Graph
    let weights: Weights
    let frames: Int
    let batch: Int
    let inputs: [Float]

    init(_ name: String) throws {
      let zoo = try Zoo()
      let entry = try zoo.architectures.item(named: name).entry
      if ArchitectureOracle.names.contains(name) {
        let oracle = try ArchitectureOracle.load(name)
        graph = try entry.architecture(overrides: oracle.configuration)
          .graph(bands: oracle.bands, channels: 1, labels: 3)
        (frames, batch) = (oracle.frames, oracle.batch)
      } else {
        graph = try zoo.untrained(name, overrides: [:], features: entry.card.features, labels: 3, seed: 1)
          .graph
        (frames, batch) = (try graph.minimumFrames() + 5, 2)
      }
      weights = Weights(initializing: try graph.parameters(), seed: 1)
      var random = RandomGenerator(seed: 2)
      let count = batch * graph.inputBands * frames * graph.inputChannels
      // What a harmonic filter reads is power.
      let low: Float = name == "harmonic-cnn" ? 0 : -1
      inputs = (0..<count).map { _ in random.uniform(low, 1) }
    }

    /// The loss with some weights, and its gradients.
    func loss(_ weights: Weights, threads: Int = 2) throws -> (loss: Float, gradients: Weights) {
      let engine = try TrainingEngine(
        graph: graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0.1),
        optimizer: .sgd(momentum: 0, weightDecay: 0), gradientClip: nil, threads: threads, seed: 3)
      let targets = (0..<batch).flatMap { clip in (0..<3).map { $0 == (clip + 1) % 3 ? Float(1) : 0 } }
      let loss = try inputs.withUnsafeBufferPointer { inputs in
        try targets.withUnsafeBufferPointer {
          try engine.gradients(inputs: inputs, targets: $0, batch: batch, frames: frames)
        }
      }
      return (loss, engine.gradientSnapshot())
    }
  }

  @Test("the registry holds architectures")
  func registered() { #expect(Self.names.contains("cnn4")) }

  @Test(
    "gives one finite score a label and clip, and the same bytes with one thread or three", arguments: names)
  func shapes(_ name: String) throws {
    let bench = try Bench(name)
    #expect(try bench.graph.labelCount() == 3)
    let logits = try [1, 3].map { threads in
      let engine = try InferenceEngine(graph: bench.graph, weights: bench.weights, threads: threads)
      return try bench.inputs.withUnsafeBufferPointer {
        try engine.logits($0, batch: bench.batch, frames: bench.frames)
      }
    }
    #expect(logits[0].count == 3 * bench.batch && logits[0].allSatisfy(\.isFinite))
    #expect(logits[0] == logits[1])
    #expect(logits[0][..<3] != logits[0][3..<6], "two clips cannot be told apart")
    #expect(
      try bench.loss(bench.weights, threads: 1).gradients == bench.loss(bench.weights, threads: 3).gradients)
  }

  @Test("along its gradient the loss rises as steeply as the gradient is long", arguments: names)
  func slope(_ name: String) throws {
    let bench = try Bench(name)
    let weights = bench.weights
    let gradients = try bench.loss(weights).gradients
    let trained = weights.parameters.indices.filter { weights.parameters[$0].isTrained }
      .flatMap { weights.range(at: $0) }
    let length = trained.reduce(0.0) { $0 + Double(gradients.values[$1]) * Double(gradients.values[$1]) }
      .squareRoot()
    #expect(length > 0)
    // The smallest of four steps' errors: ReLU and pool have kinks, and short steps drown in rounding.
    let errors = try [3e-2, 1e-2, 3e-3, 1e-3].map { step in
      let ends = try [step, -step].map { step in
        var moved = weights
        for index in trained { moved.values[index] += Float(step / length) * gradients.values[index] }
        return Double(try bench.loss(moved).loss)
      }
      return abs((ends[0] - ends[1]) / (2 * step) - length)
    }
    #expect(try #require(errors.min()) < 0.02 * length, "\(length), off by \(errors)")
  }

  @Test("every weight that is trained has a gradient", arguments: names)
  func everyWeight(_ name: String) throws {
    let bench = try Bench(name)
    let gradients = try bench.loss(bench.weights).gradients
    for parameter in gradients.parameters where parameter.isTrained {
      #expect(gradients[parameter.name]?.contains { $0 != 0 } == true, "\(parameter.name)")
    }
  }

  @Test("is exported as ONNX", arguments: names)
  func exported(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = try Zoo().exportUntrainedONNX(model: name, to: folder.file("a.onnx"))
    #expect((FileManager.default.contents(atPath: path)?.count ?? 0) > 1000)
  }
}
