import CAllocationCounter
import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

/// Whole networks of sequence operators: what the compiler makes of them.
@Suite struct SequenceNetworkTests {
  static let bands = 5

  /// A layer of a transformer, a class token in front.
  static func transformer(labels: Int = 3) throws -> Graph {
    var graph = GraphBuilder(name: "transformer", inputBands: 1, inputChannels: 6)
    var x = graph.linear(graph.input, "embedding", features: 8)
    x = graph.append("token", .tokens(count: 1), x)
    x = graph.append("places", .positions(.init(1, 20)), x)
    var branch = graph.append("norm1", .layerNorm(epsilon: 1e-5), x)
    branch = graph.append("qkv", .linear(features: 24, hasBias: false), branch)
    branch = graph.append("attention", .attention(heads: 2), branch)
    x = graph.add("sum1", x, graph.linear(branch, "projection", features: 8))
    branch = graph.linear(graph.append("norm2", .layerNorm(epsilon: 1e-5), x), "up", features: 12)
    x = graph.add("sum2", x, graph.linear(branch, "down", features: 8))
    _ = graph.linear(graph.globalAveragePool(x, "mean"), "logits", features: labels)
    return try graph.finish()
  }

  /// Harmonic filters, then both kinds of recurrent layers.
  static func recurrent(labels: Int = 3) throws -> Graph {
    var graph = GraphBuilder(name: "recurrent", inputBands: 33)
    var x = graph.append(
      "filters",
      .harmonicFilter(.init(sampleRateHz: 2000, harmonics: 2, lowestHz: 100, bands: 6, bandsPerSemitone: 1)),
      graph.input)
    x = graph.batchNorm(x, "norm")
    x = graph.convolution(x, "conv", channels: 7, kernel: .init(6, 3), padding: .init(0, 1))
    x = graph.append("gru", .recurrent(.init(.gru, hidden: 5, layers: 2)), x)
    x = graph.append("lstm", .recurrent(.init(.lstm, hidden: 4, isBidirectional: true)), x)
    // A batch norm behind a sequence step overwrites that step's output in backward.
    x = graph.batchNorm(x, "norm2")
    _ = graph.linear(graph.globalAveragePool(x, "mean"), "logits", features: labels)
    return try graph.finish()
  }

  static let names = ["transformer", "recurrent"]

  private static func graph(_ name: String) throws -> Graph {
    name == "transformer" ? try transformer() : try recurrent()
  }

  private static let (batch, frames) = (3, 9)
  private static let targets: [Float] = [0, 1, 0, 1, 0, 0, 0, 0, 1]
  private static let loss = LossFunction.crossEntropy(labelSmoothing: 0)

  private static func inputs(_ graph: Graph) -> [Float] {
    var random = RandomGenerator(seed: 5)
    return (0..<(batch * graph.inputBands * frames * graph.inputChannels)).map { _ in random.uniform(0, 2) }
  }

  private static func weights(_ graph: Graph) throws -> Weights {
    var random = RandomGenerator(seed: 6)
    var weights = Weights(initializing: try graph.parameters(), seed: 3)
    for i in weights.values.indices { weights.values[i] += random.uniform(-0.3, 0.3) }
    return weights
  }

  private static func engine(_ graph: Graph, _ weights: Weights, threads: Int = 1, level: String) throws
    -> TrainingEngine
  {
    try TrainingEngine(
      graph: graph, weights: weights, loss: loss,
      optimizer: .adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01), gradientClip: nil,
      threads: threads, seed: 9, kernels: Kernels.table(level: level))
  }

  @Test("backward is the slope of forward, tensor by tensor", arguments: names, Kernels.available)
  func slopes(_ name: String, level: String) throws {
    let graph = try Self.graph(name)
    let (weights, inputs) = (try Self.weights(graph), Self.inputs(graph))
    var random = RandomGenerator(seed: 7)
    func value(_ weights: Weights) throws -> (loss: Float, gradients: Weights) {
      let engine = try Self.engine(graph, weights, level: level)
      let loss = try engine.gradients(of: inputs, Self.targets, batch: Self.batch, frames: Self.frames)
      return (loss, engine.gradientSnapshot())
    }
    let gradients = try value(weights).gradients
    for (index, parameter) in weights.parameters.enumerated() where parameter.isTrained {
      let range = weights.range(at: index)
      let direction = range.map { _ in random.uniform(-1, 1) }
      let slope = zip(range, direction).reduce(0.0) { $0 + Double(gradients.values[$1.0]) * Double($1.1) }
      let errors = try [3e-2, 1e-2, 3e-3].map { (step: Float) in
        let ends = try [step, -step].map { step in
          var moved = weights
          for (i, d) in zip(range, direction) { moved.values[i] += step * d }
          return Double(try value(moved).loss)
        }
        return abs((ends[0] - ends[1]) / Double(2 * step) - slope)
      }
      let error = errors.min() ?? .infinity
      #expect(error <= 5e-3 * abs(slope) + 2e-4, "\(parameter.name): slope \(slope), off by \(error)")
    }
  }

  @Test("training steps give the same bytes at any number of threads", arguments: names)
  func threads(_ name: String) throws {
    let graph = try Self.graph(name)
    let (weights, inputs) = (try Self.weights(graph), Self.inputs(graph))
    func trained(_ threads: Int) throws -> Weights {
      let engine = try Self.engine(graph, weights, threads: threads, level: Kernels.available[0])
      for _ in 0..<3 {
        _ = try inputs.withUnsafeBufferPointer { inputs in
          try Self.targets.withUnsafeBufferPointer {
            try engine.step(
              inputs: inputs, targets: $0, batch: Self.batch, frames: Self.frames, learningRate: 1e-2)
          }
        }
      }
      return engine.weights()
    }
    let one = try trained(1)
    for threads in [2, 3, 8] { #expect(try trained(threads) == one, "\(threads) threads") }
  }

  @Test("changed weights change the logits, whatever was packed before", arguments: names)
  func changedWeights(_ name: String) throws {
    let graph = try Self.graph(name)
    let (weights, inputs) = (try Self.weights(graph), Self.inputs(graph))
    var others = weights
    for i in others.values.indices { others.values[i] *= 0.9 }
    func logits(_ engine: InferenceEngine) throws -> [Float] {
      try inputs.withUnsafeBufferPointer { try engine.logits($0, batch: Self.batch, frames: Self.frames) }
    }
    let engine = try InferenceEngine(graph: graph, weights: weights, threads: 2)
    let first = try logits(engine)
    #expect(try logits(engine) == first)
    try engine.use(others)
    let second = try logits(engine)
    #expect(second != first)
    #expect(try logits(InferenceEngine(graph: graph, weights: others, threads: 1)) == second)
    try engine.use(weights)
    #expect(try logits(engine) == first)
  }

  @Test("training steps on one thread allocate nothing", .enabled(if: Counted.isPossible))
  func allocations() async {
    await #expect(processExitsWith: .success) {
      for graph in [
        try SequenceNetworkTests.transformer(labels: 5), try SequenceNetworkTests.recurrent(labels: 5),
      ] {
        let blocks = try Counted.trainingSteps(graph, frames: 9, threads: 1)
        #expect(blocks == 0, "\(graph.name): \(blocks) blocks in \(Counted.runs) steps")
      }
    }
  }
}
