import MtagGraph

/// Pieces that sota-music-tagging-models builds its networks of; weights are named as there.
extension GraphBuilder {
  /// Convolution, batch norm, ReLU, max pool: NAME.conv and NAME.bn.
  mutating func convolutionUnit(
    _ x: Value, _ name: String, channels: Int, kernel: Operation.Extent = .init(3, 3),
    stride: Operation.Extent = .init(1, 1), pool: Operation.Extent = .init(1, 1)
  ) -> Value {
    var x = convolution(x, "\(name).conv", channels: channels, kernel: kernel, stride: stride)
    x = batchNorm(x, "\(name).bn")
    x = relu(x, "\(name).relu")
    return pool == .init(1, 1) ? x : maxPool(x, "\(name).mp", kernel: pool)
  }

  /// One hidden layer between vectors and logits: dense1, bn, ReLU, dropout, dense2.
  mutating func hiddenHead(_ x: Value, hidden: Int, dropout rate: Float, labels: Int) {
    var x = linear(x, "dense1", features: hidden)
    x = batchNorm(x, "bn")
    x = relu(x, "relu")
    x = dropout(x, "dropout", rate: rate)
    _ = linear(x, "dense2", features: labels)
  }
}
