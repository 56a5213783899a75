/// Writes a graph line by line, so that an architecture reads like the table in its paper.
public struct GraphBuilder {
  /// A value in the graph under construction: the name of the node that gives it.
  public struct Value: Sendable, Hashable { let name: String }

  /// The architecture's name.
  public let name: String
  /// Rows of the input.
  public let inputBands: Int
  /// Channels of the input.
  public let inputChannels: Int
  private var nodes: [Graph.Node] = []

  /// Starts an empty graph.
  public init(name: String, inputBands: Int, inputChannels: Int = 1) {
    self.name = name
    self.inputBands = inputBands
    self.inputChannels = inputChannels
  }

  /// The features: `[batch, inputBands, frames, inputChannels]`.
  public var input: Value { Value(name: Graph.inputName) }

  /// A square convolution; `padding` nil keeps the size (for odd kernels and stride 1).
  public mutating func convolution(
    _ x: Value, _ name: String, channels: Int, kernel: Int, stride: Int = 1, padding: Int? = nil,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true
  ) -> Value {
    convolution(
      x, name, channels: channels, kernel: .init(kernel, kernel), stride: .init(stride, stride),
      padding: padding.map { .init($0, $0) }, dilation: .init(dilation, dilation), groups: groups, bias: bias)
  }

  /// A convolution with sizes of its own along bands and frames; `padding` nil keeps the size (for odd kernels and stride 1).
  public mutating func convolution(
    _ x: Value, _ name: String, channels: Int, kernel: Operation.Extent,
    stride: Operation.Extent = .init(1, 1),
    padding: Operation.Extent? = nil, extraPadding: Operation.Extent = .init(0, 0),
    dilation: Operation.Extent = .init(1, 1), groups: Int = 1, bias: Bool = true
  ) -> Value {
    // Sizes out of range are refused by `finish`; here they must only not overflow.
    let pad =
      padding
      ?? Operation.Extent(
        kernel.bands / 2 &* dilation.bands,
        kernel.frames / 2 &* dilation.frames)
    return append(
      name,
      .convolution(
        .init(
          channels: channels, kernel: kernel, stride: stride, padding: pad, extraPadding: extraPadding,
          dilation: dilation, groups: groups, hasBias: bias)), x)
  }

  /// Batch normalisation of each channel with PyTorch's defaults.
  public mutating func batchNorm(_ x: Value, _ name: String) -> Value { append(name, .batchNorm(.init()), x) }

  /// Dropout.
  public mutating func dropout(_ x: Value, _ name: String, rate: Float) -> Value {
    append(name, .dropout(rate: rate), x)
  }

  /// A linear layer with bias, at every pixel.
  public mutating func linear(_ x: Value, _ name: String, features: Int) -> Value {
    append(name, .linear(features: features), x)
  }

  /// Any operator. The shorter forms beside this one are for those that nearly every network has.
  public mutating func append(_ name: String, _ operation: Operation, _ inputs: Value...) -> Value {
    nodes.append(Graph.Node(name: name, operation: operation, inputs: inputs.map(\.name)))
    return Value(name: name)
  }

  /// Any operator that reads a list of values.
  public mutating func append(_ name: String, _ operation: Operation, _ inputs: [Value]) -> Value {
    nodes.append(Graph.Node(name: name, operation: operation, inputs: inputs.map(\.name)))
    return Value(name: name)
  }

  /// The finished graph; its last node gives the logits.
  public consuming func finish() throws -> Graph {
    try Graph(name: name, inputBands: inputBands, inputChannels: inputChannels, nodes: nodes)
  }
}
