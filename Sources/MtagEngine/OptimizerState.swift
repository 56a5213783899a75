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
