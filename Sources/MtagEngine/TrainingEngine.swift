import MtagCore
public import MtagGraph
package import MtagKernelTypes
import MtagKernels

/// Trains one graph. Belongs to one thread; it uses `threads` threads itself. Same seed, same bytes of weights, whatever
/// the thread count.
public final class TrainingEngine {
  /// What one step gives.
  public struct StepResult: Sendable {
    /// Mean loss of the batch, before the step.
    public let loss: Float
    /// Euclidean norm of all gradients, before clipping.
    public let gradientNorm: Float
  }

  private let graph: Graph
  private let loss: LossFunction
  private let gradientClip: Float?
  private let seed: UInt64
  private let executor: ParallelExecutor
  private let kernels: KernelTable
  private let parameters: ParameterMemory
  private let optimizer: Optimizer
  private let labels: Int
  private var plans = PlanCache()
  /// Set to measure where a step's time goes; nil measures nothing.
  package var profile: StepProfile?

  /// Readies a graph for training.
  /// - Parameters:
  ///   - gradientClip: largest norm of all gradients together, or nil.
  ///   - threads: how many threads a step uses.
  ///   - seed: for dropout; masks depend on it and on `stepCount` alone.
  /// - Throws: `MtagError` (usage) if the weights do not belong to the graph.
  public convenience init(
    graph: Graph, weights: Weights, loss: LossFunction, optimizer: OptimizerConfiguration,
    gradientClip: Float?,
    threads: Int, seed: UInt64
  ) throws {
    try self.init(
      graph: graph, weights: weights, loss: loss, optimizer: optimizer, gradientClip: gradientClip,
      threads: threads,
      seed: seed, kernels: Kernels.table())
  }

  /// The same with the hot loops of a chosen level.
  package init(
    graph: Graph, weights: Weights, loss: LossFunction, optimizer: OptimizerConfiguration,
    gradientClip: Float?,
    threads: Int, seed: UInt64, kernels: KernelTable
  ) throws {
    self.graph = graph
    self.loss = loss
    self.gradientClip = gradientClip
    self.seed = seed
    self.kernels = kernels
    executor = ParallelExecutor(threads: threads)
    labels = try graph.labelCount()
    try NetworkResources.require(graph, threads: threads, isTraining: true)
    parameters = try ParameterMemory(graph: graph, weights: weights)
    self.optimizer = Optimizer(optimizer, count: parameters.count, ranges: parameters.trainedRanges)
  }

  /// One step: forward, loss, backward, update.
  /// - Parameters:
  ///   - inputs: `[batch, bands, frames, channels]`, standardised features.
  ///   - targets: `[batch, labels]`.
  ///   - batch: clips; at least 1.
  ///   - frames: columns of every clip.
  ///   - learningRate: for this step.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum.
  public func step(
    inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, batch: Int, frames: Int,
    learningRate: Float
  ) throws -> StepResult {
    let loss = try gradients(inputs: inputs, targets: targets, batch: batch, frames: frames)
    let norm = profile.measure(.other("gradient norm")) { optimizer.norm(parameters.gradients) }
    if let gradientClip, norm > gradientClip {
      // The same guard against division by zero as PyTorch's clip_grad_norm_.
      optimizer.scale(parameters.gradients, by: gradientClip / (norm + 1e-6))
    }
    profile.measure(.other("optimizer")) {
      optimizer.step(
        parameters.values, parameters.gradients, learningRate: learningRate, executor: executor)
    }
    return StepResult(loss: loss, gradientNorm: norm)
  }

  /// Compiles the plan for a batch shape ahead of the first step, to learn at once whether it fits.
  /// - Throws: `MtagError` (usage) if `frames` is below the graph's minimum or the plan needs more memory than there is.
  public func prepare(batch: Int, frames: Int) throws { _ = try plan(batch: batch, frames: frames) }

  /// Steps done so far.
  public var stepCount: Int { optimizer.stepCount }

  /// The weights as they are now, running statistics included.
  public func weights() -> Weights { parameters.snapshot() }

  /// What must be saved to go on to the same bytes, besides the weights.
  public func optimizerState() -> OptimizerState { optimizer.state() }

  /// Goes on from a saved state.
  /// - Throws: `MtagError` (badData) if the state belongs to another optimizer or network.
  public func restore(weights: Weights, optimizerState: OptimizerState) throws {
    try optimizer.restore(optimizerState)
    parameters.set(weights)
  }

  // MARK: - For tests

  /// Forward and backward without an update: the mean loss; gradients are then in `gradientSnapshot`.
  package func gradients(
    inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, batch: Int, frames: Int
  ) throws -> Float {
    precondition(
      inputs.count == batch * graph.inputBands * frames * graph.inputChannels,
      "\(inputs.count) inputs are not a batch of \(batch) × \(graph.inputBands) × \(frames) × \(graph.inputChannels)"
    )
    precondition(targets.count == batch * labels, "\(targets.count) targets are not \(batch) × \(labels)")
    let plan = try plan(batch: batch, frames: frames)
    guard let logitsGradient = plan.logitsGradient else {
      preconditionFailure("a training plan has gradients")
    }
    var mixer = SplitMix64(state: seed ^ 0x5851_F42D_4C95_7F2D &* UInt64(optimizer.stepCount + 1))
    let run = Plan.Run(
      kernels: kernels, executor: executor, isTraining: true, dropoutSeed: mixer.next(),
      parametersChanged: true, profile: profile)
    profile.measure(.other("input")) { plan.setInput(inputs) }
    plan.forward(run)
    let value = profile.measure(.other("loss")) {
      loss.evaluate(
        logits: plan.logits.pointer, stride: plan.logits.channelStride, targets: targets, batch: batch,
        labels: labels, gradient: logitsGradient.pointer)
    }
    plan.backward(run)
    return value
  }

  private func plan(batch: Int, frames: Int) throws -> Plan {
    try plans.plan(batch: batch, frames: frames) {
      try Compiler(
        graph: graph, parameters: parameters, kernels: kernels, threads: executor.threads, isTraining: true
      ).compile(batch: batch, frames: frames)
    }
  }

  /// What `profile` measured of steps of one batch shape.
  package func profileRows(batch: Int, frames: Int) throws -> [ProfileRow] {
    guard let profile else { return [] }
    return try plan(batch: batch, frames: frames).rows(profile)
  }

  /// The gradients of the last batch, by parameter.
  package func gradientSnapshot() -> Weights {
    var copy = parameters.snapshot()
    for i in copy.values.indices { copy.values[i] = parameters.gradients[i] }
    return copy
  }
}
