import MtagGraph

/// Residual units of sota-music-tagging-models; weights are named as there.
extension GraphBuilder {
  /// Two convolutions, the first with the stride, beside a third with the stride: all 3×3, each with a batch norm.
  mutating func stridedResidualUnit(
    _ x: Value, _ name: String, channels: Int, stride: Operation.Extent
  ) -> Value {
    let y = residualBranch(x, name, channels: channels, kernel: .init(3, 3), stride: stride)
    let shortcut = residualShortcut(x, name, channels: channels, kernel: .init(3, 3), stride: stride)
    return relu(add("\(name).sum", shortcut, y), "\(name).relu")
  }

  /// Two convolutions beside the identity, then a max pool.
  mutating func pooledResidualUnit(
    _ x: Value, _ name: String, channels: Int, pool: Operation.Extent
  ) -> Value {
    let y = residualBranch(x, name, channels: channels, kernel: .init(3, 3), stride: .init(1, 1))
    return maxPool(relu(add("\(name).sum", x, y), "\(name).relu"), "\(name).mp", kernel: pool)
  }

  /// NAME.conv_1, NAME.bn_1, ReLU, NAME.conv_2, NAME.bn_2.
  mutating func residualBranch(
    _ x: Value, _ name: String, channels: Int, kernel: Operation.Extent, stride: Operation.Extent
  ) -> Value {
    var y = convolution(x, "\(name).conv_1", channels: channels, kernel: kernel, stride: stride)
    y = batchNorm(y, "\(name).bn_1")
    y = relu(y, "\(name).relu_1")
    y = convolution(y, "\(name).conv_2", channels: channels, kernel: kernel)
    return batchNorm(y, "\(name).bn_2")
  }

  /// NAME.conv_3 and NAME.bn_3: what a changed shape needs beside the branch.
  mutating func residualShortcut(
    _ x: Value, _ name: String, channels: Int, kernel: Operation.Extent, stride: Operation.Extent
  ) -> Value {
    let y = convolution(x, "\(name).conv_3", channels: channels, kernel: kernel, stride: stride)
    return batchNorm(y, "\(name).bn_3")
  }
}
