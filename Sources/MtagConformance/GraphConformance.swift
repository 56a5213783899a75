import MtagCore
import MtagEngine
public import MtagGraph

/// Runs a network through everything that must hold for all of them. Whoever adds one calls this from a test:
///
///     let conformance = try GraphConformance(graph)
///     for check in ConformanceCheck.allCases { assert(try conformance.problems(check).isEmpty) }
///
/// Networks should be narrow here, a few thousand weights: what is tested is how they hang together.
public struct GraphConformance: Sendable {
  /// The network.
  public let graph: Graph
  /// The weights of all checks.
  public let weights: Weights
  /// Frames of the clips that most checks use: a few more than the fewest.
  public let frames: Int
  /// Labels of the network.
  public let labels: Int

  /// Clips in a batch: enough that a batch norm over a single pixel still has a spread.
  static let batch = 4
  /// Threads whose results must agree.
  static let threadCounts = [1, 2, 3, 8]

  /// - Parameters:
  ///   - graph: must end in logits of at least two labels.
  ///   - weights: nil for seeded ones.
  /// - Throws: `MtagError` (usage) if the graph gives no vector of logits.
  public init(_ graph: Graph, weights: Weights? = nil) throws {
    self.graph = graph
    labels = try graph.labelCount()
    self.weights = try weights ?? Weights(initializing: graph.parameters(), seed: 1)
    let minimum = try graph.minimumFrames()
    frames = min(try graph.maximumFrames() ?? .max, minimum + min(max(minimum / 4, 5), 1000))
  }

  /// What is wrong, a sentence each; empty if nothing is.
  /// - Throws: `MtagError` if the engine refuses what it should run.
  public func problems(_ check: ConformanceCheck) throws -> [String] {
    switch check {
    case .scores: try scoreProblems()
    case .lengths: try lengthProblems()
    case .silence: try silenceProblems()
    case .notANumber: try notANumberProblems()
    case .threads: try threadProblems()
    case .gradients: try gradientProblems()
    case .everyWeight: try everyWeightProblems()
    case .learning: try learningProblems()
    }
  }

  // MARK: - What the checks share

  /// Values of one clip.
  func clipCount(frames: Int) -> Int { graph.inputBands * frames * graph.inputChannels }

  /// Noise like standardised features; where the network reads a power spectrogram, noise that is not negative.
  func noise(batch: Int = Self.batch, frames: Int? = nil, seed: UInt64 = 2) -> [Float] {
    var random = RandomGenerator(seed: seed)
    let lowest: Float = readsPower ? 0 : -1
    return (0..<(batch * clipCount(frames: frames ?? self.frames))).map { _ in random.uniform(lowest, 1) }
  }

  var readsPower: Bool {
    graph.nodes.contains { node in
      guard node.inputs == [Graph.inputName] else { return false }
      return if case .harmonicFilter = node.operation { true } else { false }
    }
  }

  /// One label a clip, in turn.
  var targets: [Float] {
    (0..<(Self.batch * labels)).map { $0 % labels == $0 / labels % labels ? 1 : 0 }
  }

  func logits(_ inputs: [Float], batch: Int = Self.batch, frames: Int? = nil, threads: Int = 1) throws
    -> [Float]
  {
    let engine = try InferenceEngine(graph: graph, weights: weights, threads: threads)
    return try inputs.withUnsafeBufferPointer {
      try engine.logits($0, batch: batch, frames: frames ?? self.frames)
    }
  }

  func trainer(threads: Int = 1, optimizer: OptimizerConfiguration = .sgd(momentum: 0, weightDecay: 0)) throws
    -> TrainingEngine
  {
    try TrainingEngine(
      graph: graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0.1), optimizer: optimizer,
      gradientClip: nil, threads: threads, seed: 3)
  }

  /// The loss of a batch, and its gradients.
  func loss(_ engine: TrainingEngine, _ inputs: [Float], frames: Int? = nil) throws -> (
    loss: Float, gradients: Weights
  ) {
    let loss = try inputs.withUnsafeBufferPointer { inputs in
      try targets.withUnsafeBufferPointer {
        try engine.gradients(inputs: inputs, targets: $0, batch: Self.batch, frames: frames ?? self.frames)
      }
    }
    return (loss, engine.gradientSnapshot())
  }
}
