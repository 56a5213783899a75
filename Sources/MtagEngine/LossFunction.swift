/// What training minimises. Targets are `[batch, labels]`: one-hot for one label a clip, zeros and ones for several.
public enum LossFunction: Codable, Hashable, Sendable {
  /// Softmax cross-entropy, averaged over the batch; `labelSmoothing` as PyTorch: ε/labels is mixed into the target.
  case crossEntropy(labelSmoothing: Float)
  /// Sigmoid binary cross-entropy, averaged over batch and labels.
  case binaryCrossEntropy
}
