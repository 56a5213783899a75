/// Which optimizer, with its constants. Formulas are PyTorch's.
public enum OptimizerConfiguration: Codable, Hashable, Sendable {
  /// v ← μ v + (g + λ w); w ← w − η v
  case sgd(momentum: Float, weightDecay: Float)
  /// Adam with λ w added to the gradient.
  case adam(beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float)
  /// Adam with weight decay apart from the gradient: w ← w (1 − η λ) first.
  case adamW(beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float)
}
