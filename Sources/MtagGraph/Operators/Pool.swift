import MtagCore

extension Operation {
  /// Attributes of a pool; a rest that no window covers is dropped (PyTorch's `ceil_mode=False`).
  public struct Pool: Hashable, Sendable {
    /// Window size.
    public var kernel: Extent
    /// Steps from one window to the next.
    public var stride: Extent
    /// Positions added on each side, at most half a window; no maximum ever lies there.
    public var padding: Extent
    /// Whether a mean counts the padding as zeros (PyTorch's `count_include_pad`); else it is over what is there.
    public var countsPadding: Bool

    /// Makes a pool's attributes.
    public init(
      kernel: Extent, stride: Extent, padding: Extent = .init(0, 0), countsPadding: Bool = true
    ) {
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.countsPadding = countsPadding
    }
  }

  /// Attributes of a pool whose output has a given size. Window i of n over a length l reaches from ⌊i·l / n⌋ to ⌈(i+1)·l / n⌉, as
  /// in PyTorch's adaptive pools.
  public struct AdaptivePool: Codable, Hashable, Sendable {
    /// Mean or maximum.
    public var function: Reduction.Function
    /// Size of the output.
    public var output: Extent

    /// Makes an adaptive pool's attributes.
    public init(function: Reduction.Function, output: Extent) {
      self.function = function
      self.output = output
    }
  }
}

/// Windows of bands and frames.
struct PoolRule: OperatorRule {
  let attributes: Operation.Pool
  let isMaximum: Bool

  var label: String {
    let name = isMaximum ? "max pool" : "average pool"
    let stride = attributes.stride == attributes.kernel ? "" : " /\(attributes.stride)"
    return "\(name) \(attributes.kernel)\(stride)"
  }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("kernel", attributes.kernel, from: 1, node: node)
    try AttributeCheck.check("stride", attributes.stride, from: 1, node: node)
    try AttributeCheck.check("padding", attributes.padding, from: 0, node: node)
    guard 2 * attributes.padding.bands <= attributes.kernel.bands,
      2 * attributes.padding.frames <= attributes.kernel.frames
    else {
      throw MtagError(
        .usage,
        "\(node): a padding of \(attributes.padding) is more than half of the window \(attributes.kernel)")
    }
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    let (kernel, stride, padding) = (attributes.kernel, attributes.stride, attributes.padding)
    shape.bands = windowCount(
      shape.bands, kernel: kernel.bands, stride: stride.bands, padding: 2 * padding.bands)
    shape.frames = windowCount(
      shape.frames, kernel: kernel.frames, stride: stride.frames, padding: 2 * padding.frames)
    return shape
  }
}

extension Operation.AdaptivePool: OperatorRule {
  var label: String { "adaptive \(function.rawValue) pool to \(output)" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("output", output, from: 1, node: node)
    guard function != .sum else {
      throw MtagError(.usage, "\(node): an adaptive pool gives a mean or a maximum, not a sum")
    }
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    shape.bands = output.bands
    shape.frames = output.frames
    return shape
  }
}

/// In files `padding` and `countsPadding` are left out where they say nothing, as in files from before there were any.
extension Operation.Pool: Codable {
  private enum CodingKeys: String, CodingKey { case kernel, stride, padding, countsPadding }

  /// Reads the attributes; values are checked by `Graph`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      kernel: try container.decode(Operation.Extent.self, forKey: .kernel),
      stride: try container.decode(Operation.Extent.self, forKey: .stride),
      padding: try container.decodeIfPresent(Operation.Extent.self, forKey: .padding) ?? .init(0, 0),
      countsPadding: try container.decodeIfPresent(Bool.self, forKey: .countsPadding) ?? true)
  }

  /// Writes the attributes that say something.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kernel, forKey: .kernel)
    try container.encode(stride, forKey: .stride)
    if padding != .init(0, 0) { try container.encode(padding, forKey: .padding) }
    if !countsPadding { try container.encode(countsPadding, forKey: .countsPadding) }
  }
}
