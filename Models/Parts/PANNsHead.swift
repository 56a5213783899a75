import MtagGraph

/// What PANNs' networks share; weights are named as in audioset_tagging_cnn.
extension GraphBuilder {
  /// A batch norm of each mel band.
  mutating func bandNorm(_ x: Value, _ name: String) -> Value {
    append(name, .batchNorm(.init(axis: .bands)), x)
  }

  /// The mean over bands, then maximum plus mean over frames, then two linear layers.
  mutating func pannsHead(_ x: Value, hidden: Int, dropout rate: Float, labels: Int) {
    let bands = reduce(x, "mean", .mean, over: .bands)
    let peak = reduce(bands, "peak", .max, over: .frames)
    let average = reduce(bands, "average", .mean, over: .frames)
    var x = add("pool", peak, average)
    if rate > 0 { x = dropout(x, "dropout", rate: rate) }
    x = linear(x, "fc1", features: hidden)
    x = relu(x, "fc1.relu")
    _ = linear(x, "fc_audioset", features: labels)
  }

  /// The mean of squares of `stride`; nothing for 1. PANNs' MobileNets stride this way, after a convolution at full size.
  mutating func stridingPool(_ x: Value, _ name: String, stride: Int) -> Value {
    stride == 1 ? x : averagePool(x, name, kernel: .init(stride, stride))
  }

  /// A 3×3 convolution of each channel by itself, without bias.
  mutating func depthwise(_ x: Value, _ name: String, channels: Int) -> Value {
    convolution(x, name, channels: channels, kernel: 3, groups: channels, bias: false)
  }
}
