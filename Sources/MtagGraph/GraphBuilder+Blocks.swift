/// Short forms of operators, and the small groups of them that many networks have.
extension GraphBuilder {
  /// An element-wise function.
  public mutating func activation(_ x: Value, _ name: String, _ function: Operation.Activation) -> Value {
    append(name, .activation(function), x)
  }

  /// max(0, x)
  public mutating func relu(_ x: Value, _ name: String) -> Value { append(name, .activation(.relu), x) }

  /// The maximum of square windows side by side.
  public mutating func maxPool(_ x: Value, _ name: String, size: Int) -> Value {
    maxPool(x, name, kernel: .init(size, size))
  }

  /// The maximum of windows; `stride` nil puts them side by side.
  public mutating func maxPool(
    _ x: Value, _ name: String, kernel: Operation.Extent, stride: Operation.Extent? = nil,
    padding: Operation.Extent = .init(0, 0)
  ) -> Value {
    append(name, .maxPool(.init(kernel: kernel, stride: stride ?? kernel, padding: padding)), x)
  }

  /// The mean of windows; `stride` nil puts them side by side.
  public mutating func averagePool(
    _ x: Value, _ name: String, kernel: Operation.Extent, stride: Operation.Extent? = nil,
    padding: Operation.Extent = .init(0, 0)
  ) -> Value {
    append(name, .averagePool(.init(kernel: kernel, stride: stride ?? kernel, padding: padding)), x)
  }

  /// The mean over bands and frames.
  public mutating func globalAveragePool(_ x: Value, _ name: String) -> Value {
    append(name, .globalAveragePool, x)
  }

  /// Mean, maximum or sum along bands, frames or both.
  public mutating func reduce(
    _ x: Value, _ name: String, _ function: Operation.Reduction.Function,
    over range: Operation.Reduction.Range
  ) -> Value {
    append(name, .reduce(.init(function, over: range)), x)
  }

  /// The sum of values.
  public mutating func add(_ name: String, _ values: Value...) -> Value { append(name, .add, values) }

  /// The product of two values.
  public mutating func multiply(_ name: String, _ a: Value, _ b: Value) -> Value {
    append(name, .multiply, a, b)
  }

  /// Values one behind the other.
  public mutating func concatenate(_ name: String, _ values: [Value], along axis: Operation.Axis) -> Value {
    append(name, .concatenate(axis: axis), values)
  }

  /// Squeeze and excitation: each channel times a factor that two linear layers make of all channels' means.
  /// - Parameters:
  ///   - hidden: width of the first layer.
  ///   - channels: channels of `x`.
  ///   - inner: the function between the layers.
  ///   - gate: the function that makes the factors.
  /// - Source: Hu et al., "Squeeze-and-excitation networks", 2018.
  public mutating func squeezeExcitation(
    _ x: Value, _ name: String, channels: Int, hidden: Int, inner: Operation.Activation = .relu,
    gate: Operation.Activation = .sigmoid
  ) -> Value {
    var factor = reduce(x, "\(name).mean", .mean, over: .both)
    factor = linear(factor, "\(name).fc1", features: hidden)
    factor = activation(factor, "\(name).inner", inner)
    factor = linear(factor, "\(name).fc2", features: channels)
    factor = activation(factor, "\(name).gate", gate)
    return multiply("\(name).scale", x, factor)
  }

  /// A weighted mean over frames, with weights that a linear layer and a softmax make of each frame: `[batch, 1, frames, channels]`
  /// → `[batch, 1, 1, channels]`.
  public mutating func attentionPool(_ x: Value, _ name: String) -> Value {
    let scores = linear(x, "\(name).score", features: 1)
    let weights = append("\(name).weights", .softmax(axis: .frames), scores)
    return reduce(multiply("\(name).weighted", x, weights), "\(name).sum", .sum, over: .frames)
  }
}
