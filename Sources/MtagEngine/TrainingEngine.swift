import MtagCore
public import MtagGraph

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

  /// - Parameters:
  ///   - seed: for dropout; masks depend on it and on `stepCount` alone.
  ///   - gradientClip: largest norm of all gradients together, or nil.
  public init(
    graph: Graph, weights: Weights, loss: LossFunction, optimizer: OptimizerConfiguration, gradientClip: Float?,
    threads: Int, seed: UInt64
  ) throws {
    fatalError("room")
  }

  /// One step: forward, loss, backward, update.
  /// - Parameters:
  ///   - inputs: `[batch, bands, frames, channels]`, standardised features.
  ///   - targets: `[batch, labels]`.
  ///   - learningRate: for this step.
  public func step(
    inputs: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, batch: Int, frames: Int,
    learningRate: Float
  ) throws -> StepResult {
    fatalError("room")
  }

  /// Steps done so far.
  public var stepCount: Int { 0 }

  /// The weights as they are now, running statistics included.
  public func weights() -> Weights { fatalError("room") }

  /// What must be saved to go on to the same bytes, besides the weights.
  public func optimizerState() -> OptimizerState { fatalError("room") }

  /// Goes on from a saved state.
  public func restore(weights: Weights, optimizerState: OptimizerState) throws { fatalError("room") }
}

/// The optimizer's memory: moments named `exp_avg`, `exp_avg_sq` or `momentum_buffer`, each as long as the weights.
public struct OptimizerState: Sendable, Hashable {
  /// Steps done.
  public var stepCount: Int
  /// Moments by name, each in the order of `Weights.values`.
  public var moments: [String: [Float]]

  /// Makes a state.
  public init(stepCount: Int, moments: [String: [Float]]) {
    self.stepCount = stepCount
    self.moments = moments
  }
}
