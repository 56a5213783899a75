import MtagCore

extension Operation {
  /// Attributes of a batch norm.
  public struct BatchNorm: Hashable, Sendable {
    /// Added to the variance before the root.
    public var epsilon: Float
    /// Share of a batch's statistics in the running ones (PyTorch's meaning of momentum).
    public var momentum: Float
    /// What has statistics of its own: each channel, or each band.
    public var axis: Axis
    /// Whether the scale is learned; else it stays 1.
    public var hasScale: Bool

    /// PyTorch's defaults: 1e-5 and 0.1, for each channel, with a scale.
    public init(
      epsilon: Float = 1e-5, momentum: Float = 0.1, axis: Axis = .channels, hasScale: Bool = true
    ) {
      self.epsilon = epsilon
      self.momentum = momentum
      self.axis = axis
      self.hasScale = hasScale
    }
  }
}

extension Operation.BatchNorm: OperatorRule {
  var label: String { axis == .channels ? "batch norm" : "batch norm per band" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.checkEpsilon(epsilon, node: node)
    guard (0...1).contains(momentum) else {
      throw MtagError(.usage, "\(node): momentum \(momentum) is not in 0 … 1")
    }
    guard axis != .frames else {
      throw MtagError(
        .usage, "\(node): a batch norm over frames would fix their number; choose channels or bands")
    }
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape { inputs[0] }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    let count = axis == .bands ? inputs[0].bands : inputs[0].channels
    return [
      Parameter("\(node).weight", [count], .constant(1), isTrained: hasScale),
      Parameter("\(node).bias", [count], .constant(0)),
      Parameter("\(node).running_mean", [count], .constant(0), isTrained: false),
      Parameter("\(node).running_var", [count], .constant(1), isTrained: false),
    ]
  }
}

/// In files `axis` and `hasScale` are left out where they say nothing, as in files from before there were any.
extension Operation.BatchNorm: Codable {
  private enum CodingKeys: String, CodingKey { case epsilon, momentum, axis, hasScale }

  /// Reads the attributes; values are checked by `Graph`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      epsilon: try container.decode(Float.self, forKey: .epsilon),
      momentum: try container.decode(Float.self, forKey: .momentum),
      axis: try container.decodeIfPresent(Operation.Axis.self, forKey: .axis) ?? .channels,
      hasScale: try container.decodeIfPresent(Bool.self, forKey: .hasScale) ?? true)
  }

  /// Writes the attributes that say something.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(epsilon, forKey: .epsilon)
    try container.encode(momentum, forKey: .momentum)
    if axis != .channels { try container.encode(axis, forKey: .axis) }
    if !hasScale { try container.encode(hasScale, forKey: .hasScale) }
  }
}
