import MtagCore

extension Operation {
  /// Attributes of a convolution; sizes are (bands, frames).
  public struct Convolution: Hashable, Sendable {
    /// Output channels.
    public var channels: Int
    /// Kernel size.
    public var kernel: Extent
    /// Steps from one window to the next.
    public var stride: Extent
    /// Zeros on each side.
    public var padding: Extent
    /// Zeros after the last band and frame, besides `padding`: TensorFlow's padding "same" for even kernels and for strides.
    public var extraPadding: Extent
    /// Steps from one tap of the kernel to the next; 1×1 for a kernel without holes.
    public var dilation: Extent
    /// Groups of channels that do not see each other: output channels of a group read the input channels of the same group. It
    /// divides both numbers of channels; as many groups as input channels make a depthwise convolution.
    public var groups: Int
    /// Whether a bias is added for each output channel.
    public var hasBias: Bool

    /// Makes a convolution's attributes.
    public init(
      channels: Int, kernel: Extent, stride: Extent, padding: Extent, extraPadding: Extent = .init(0, 0),
      dilation: Extent = .init(1, 1), groups: Int = 1, hasBias: Bool
    ) {
      self.channels = channels
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
      self.extraPadding = extraPadding
      self.dilation = dilation
      self.groups = groups
      self.hasBias = hasBias
    }

    /// Bands and frames from the first tap of the kernel to its last, both included.
    public var reach: Extent {
      Extent(dilation.bands * (kernel.bands - 1) + 1, dilation.frames * (kernel.frames - 1) + 1)
    }
  }
}

extension Operation.Convolution: OperatorRule {
  /// `conv 3×3 /2×2 dilated 2×2 in 4 groups`; `depthwise` for one output channel a group.
  var label: String {
    let one = Operation.Extent(1, 1)
    let words = [
      "conv \(kernel)", stride == one ? "" : "/\(stride)", dilation == one ? "" : "dilated \(dilation)",
      groups == 1 ? "" : groups == channels ? "depthwise" : "in \(groups) groups",
    ]
    return words.filter { !$0.isEmpty }.joined(separator: " ")
  }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("channels", channels, 1...GraphLimits.channels, node: node)
    try AttributeCheck.check("kernel", kernel, from: 1, node: node)
    try AttributeCheck.check("stride", stride, from: 1, node: node)
    try AttributeCheck.check("padding", padding, from: 0, node: node)
    try AttributeCheck.check("extra padding", extraPadding, from: 0, node: node)
    try AttributeCheck.check("dilation", dilation, from: 1, node: node)
    try AttributeCheck.check("groups", groups, 1...GraphLimits.channels, node: node)
    guard channels.isMultiple(of: groups) else {
      throw MtagError(
        .usage,
        "\(node): \(channels) output channels cannot be split into \(groups) groups; "
          + "choose groups that divide them")
    }
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    guard shape.channels.isMultiple(of: groups) else {
      throw MtagError(
        .usage,
        "\(node): \(shape.channels) input channels cannot be split into \(groups) groups; "
          + "choose groups that divide them")
    }
    shape.bands = windowCount(
      shape.bands, kernel: reach.bands, stride: stride.bands,
      padding: 2 * padding.bands + extraPadding.bands)
    shape.frames = windowCount(
      shape.frames, kernel: reach.frames, stride: stride.frames,
      padding: 2 * padding.frames + extraPadding.frames)
    shape.channels = channels
    return shape
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    let groupInputs = inputs[0].channels / groups
    let bound = 1 / Float(groupInputs * kernel.bands * kernel.frames).squareRoot()
    let weight = Parameter(
      "\(node).weight", [channels, groupInputs, kernel.bands, kernel.frames], .uniform(bound))
    return [weight] + (hasBias ? [Parameter("\(node).bias", [channels], .uniform(bound))] : [])
  }

  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? {
    checkedProduct(output.count, inputs[0].channels / groups, kernel.bands, kernel.frames)
  }
}
