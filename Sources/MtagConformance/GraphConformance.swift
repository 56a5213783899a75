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
  public private(set) var weights: Weights
  /// Frames of the clips that most checks use: a few more than the fewest.
  public let frames: Int
  /// Frames of clips that are long enough to have something to walk along behind all pools.
  let longFrames: Int
  /// Labels of the network.
  public let labels: Int

  /// Clips in a batch: enough that a batch norm over a single pixel still has a spread.
  static let batch = 5
  /// Threads whose results must agree with those of one.
  static let threadCounts = [2, 3, 8]

  /// - Parameters:
  ///   - graph: must end in logits of at least two labels.
  ///   - weights: nil for seeded ones.
  /// - Throws: `MtagError` (usage) if the graph gives no vector of logits.
  public init(_ graph: Graph, weights: Weights? = nil) throws {
    self.graph = graph
    labels = try graph.labelCount()
    let minimum = try graph.minimumFrames()
    frames = min(try graph.maximumFrames() ?? .max, minimum + min(max(minimum / 4, 5), 500))
    longFrames = min(try graph.maximumFrames() ?? .max, minimum + min(minimum, 2000))
    self.weights = try weights ?? Weights(initializing: graph.parameters(), seed: 1)
    if weights == nil { self.weights = try settledWeights() }
  }

  /// Seeded weights with running statistics of noise: in a deep network that has never seen anything, all values fade away.
  private func settledWeights() throws -> Weights {
    let nodes = graph.nodes.map { node in
      guard case .batchNorm(var attributes) = node.operation else { return node }
      // One batch sets the statistics.
      attributes.momentum = 1
      return Graph.Node(name: node.name, operation: .batchNorm(attributes), inputs: node.inputs)
    }
    let settling = try Graph(
      name: graph.name, inputBands: graph.inputBands, inputChannels: graph.inputChannels, nodes: nodes)
    let engine = try trainer(of: settling)
    _ = try loss(engine, noise(seed: 5))
    return engine.weights()
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
    let lowest: Float = graph.readsPower ? 0 : -1
    return (0..<(batch * clipCount(frames: frames ?? self.frames))).map { _ in random.uniform(lowest, 1) }
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

  /// The network without dropout, which makes the loss jump from step to step.
  func withoutDropout() throws -> Graph {
    let nodes = graph.nodes.map { node in
      guard case .dropout = node.operation else { return node }
      return Graph.Node(name: node.name, operation: .dropout(rate: 0), inputs: node.inputs)
    }
    return try Graph(
      name: graph.name, inputBands: graph.inputBands, inputChannels: graph.inputChannels, nodes: nodes)
  }

  func trainer(
    of other: Graph? = nil, threads: Int = 1,
    optimizer: OptimizerConfiguration = .sgd(momentum: 0, weightDecay: 0)
  ) throws
    -> TrainingEngine
  {
    try TrainingEngine(
      graph: other ?? graph, weights: weights, loss: .crossEntropy(labelSmoothing: 0.1), optimizer: optimizer,
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
