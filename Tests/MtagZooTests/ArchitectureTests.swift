import Foundation
import MtagEngine
import MtagTestSupport
import MtagZoo
import Testing

/// What holds for every architecture of the zoo; a new one is tested by being registered.
@Suite struct ArchitectureTests {
  static let names = (try? Zoo().architectures.names) ?? []

  /// A seeded model with three labels, and a batch of two clips of noise that is a little longer than the shortest.
  private struct Bench {
    let model: Model
    let frames: Int
    let inputs: [Float]

    init(_ name: String) throws {
      model = try Zoo().untrained(name, overrides: [:], features: "melspec", labels: 3, seed: 1)
      frames = try model.graph.minimumFrames() + 5
      var random = RandomGenerator(seed: 2)
      let count = 2 * model.graph.inputBands * frames * model.graph.inputChannels
      inputs = (0..<count).map { _ in random.uniform(-1, 1) }
    }

    /// The loss with some weights, and its gradients.
    func loss(_ weights: Weights, threads: Int = 2) throws -> (loss: Float, gradients: Weights) {
      let engine = try TrainingEngine(
        graph: model.graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0.1),
        optimizer: .sgd(momentum: 0, weightDecay: 0), gradientClip: nil, threads: threads, seed: 3)
      let targets: [Float] = [0, 1, 0, 0, 0, 1]
      let loss = try inputs.withUnsafeBufferPointer { inputs in
        try targets.withUnsafeBufferPointer {
          try engine.gradients(inputs: inputs, targets: $0, batch: 2, frames: frames)
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
    #expect(try bench.model.graph.labelCount() == 3)
    let logits = try [1, 3].map { threads in
      let engine = try InferenceEngine(
        graph: bench.model.graph, weights: bench.model.weights, threads: threads)
      return try bench.inputs.withUnsafeBufferPointer {
        try engine.logits($0, batch: 2, frames: bench.frames)
      }
    }
    #expect(logits[0].count == 6 && logits[0].allSatisfy(\.isFinite))
    #expect(logits[0] == logits[1])
    #expect(logits[0][..<3] != logits[0][3...], "two clips cannot be told apart")
    #expect(
      try bench.loss(bench.model.weights, threads: 1).gradients
        == bench.loss(bench.model.weights, threads: 3).gradients)
  }

  @Test("along its gradient the loss rises as steeply as the gradient is long", arguments: names)
  func slope(_ name: String) throws {
    let bench = try Bench(name)
    let weights = bench.model.weights
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
    let gradients = try bench.loss(bench.model.weights).gradients
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
