import MtagCore

/// An architecture as an ordered list of named nodes. Training, inference, tables, export and checkpoints walk this list.
public struct Graph: Codable, Hashable, Sendable {
  /// One operator at its place.
  public struct Node: Codable, Hashable, Sendable {
    /// A unique name; parameters are named after it.
    public let name: String
    /// What it computes.
    public let operation: Operation
    /// Names of the nodes whose values it reads; `input` is the graph's input.
    public let inputs: [String]

    /// Makes a node.
    public init(name: String, operation: Operation, inputs: [String]) {
      self.name = name
      self.operation = operation
      self.inputs = inputs
    }
  }

  /// The name of the graph's input value.
  public static let inputName = "input"

  /// The architecture's name.
  public let name: String
  /// Rows of the input.
  public let inputBands: Int
  /// Channels of the input.
  public let inputChannels: Int
  /// The nodes, each after those it reads.
  public let nodes: [Node]

  /// Makes a graph and checks that it hangs together, so that every graph there is can be run on a long enough input.
  /// - Throws: `MtagError` (usage) naming the node: a name that occurs twice, an input that is not there, a value that
  ///   nothing reads, an attribute out of range, shapes that do not fit, an input with too few bands.
  public init(name: String, inputBands: Int, inputChannels: Int, nodes: [Node]) throws {
    self.name = name
    self.inputBands = inputBands
    self.inputChannels = inputChannels
    self.nodes = nodes
    try checkNames()
    try checkSizes()
  }

  /// Decodes a graph and checks it as `init(name:inputBands:inputChannels:nodes:)` does: files are not trusted.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      name: container.decode(String.self, forKey: .name),
      inputBands: container.decode(Int.self, forKey: .inputBands),
      inputChannels: container.decode(Int.self, forKey: .inputChannels),
      nodes: container.decode([Node].self, forKey: .nodes))
  }

  /// The number of labels: channels of the last node, which gives the logits `[batch, 1, 1, labels]`.
  /// - Throws: `MtagError` (usage) if the last node gives no vector.
  public func labelCount() throws -> Int {
    guard let last = try layers(frames: minimumFrames()).last else { return 0 }
    guard last.output.bands == 1, last.output.frames == 1 else {
      throw MtagError(
        .usage,
        "\(name): the last node '\(last.node.name)' gives \(last.output), not a vector of logits; pool over bands and "
          + "frames first")
    }
    return last.output.channels
  }

  /// The value that the last linear layer reads, before dropout: what the network knows of a clip, for use elsewhere. In a network
  /// without linear layers it is what the last convolution reads. Nil if there is neither, or it reads the network's input.
  public var embeddingName: String? {
    let last =
      nodes.last { if case .linear = $0.operation { true } else { false } }
      ?? nodes.last { if case .convolution = $0.operation { true } else { false } }
    guard var value = last?.inputs.first else { return nil }
    while let node = nodes.first(where: { $0.name == value }) {
      guard case .dropout = node.operation, let source = node.inputs.first else { return value }
      value = source
    }
    return nil
  }

  /// Every node with its shapes, parameters and cost, for an input of `frames` frames and batch 1.
  /// - Throws: `MtagError` (usage) naming the node at which an input this small has nothing left, or that takes none this long.
  public func layers(frames: Int) throws -> [Layer] { try layers(frames: frames, isBounded: true) }

  /// The same, for inputs that are longer than some node takes too unless `isBounded`.
  func layers(frames: Int, isBounded: Bool) throws -> [Layer] {
    guard (1...GraphLimits.frames).contains(frames) else {
      throw MtagError(.usage, "\(name): an input of \(frames) frames is not in 1 … \(GraphLimits.frames)")
    }
    var shapes = [Self.inputName: TensorShape(bands: inputBands, frames: frames, channels: inputChannels)]
    var result: [Layer] = []
    result.reserveCapacity(nodes.count)
    for node in nodes {
      let inputs = node.inputs.compactMap { shapes[$0] }
      guard inputs.count == node.inputs.count, !inputs.isEmpty else {
        throw MtagError(.usage, "\(name): node '\(node.name)' has no input")
      }
      let layer = try layer(node, inputs: inputs, isBounded: isBounded)
      result.append(layer)
      shapes[node.name] = layer.output
    }
    return result
  }

  private func layer(_ node: Node, inputs: [TensorShape], isBounded: Bool) throws -> Layer {
    let rule = node.operation.rule
    let place = "\(name): \(node.name)"
    let output = try rule.outputShape(of: inputs, node: place)
    guard output.bands >= 1, output.frames >= 1, output.channels >= 1 else {
      throw MtagError(
        .usage,
        "\(place) (\(rule.label)) has nothing left of an input of \(inputs[0]); use more bands or frames")
    }
    if isBounded, let longest = rule.longestInput, inputs[0].frames > longest {
      throw MtagError(
        .usage,
        "\(place) (\(rule.label)) takes at most \(longest) frames, not \(inputs[0].frames); use shorter chunks"
      )
    }
    guard let count = checkedProduct(output.bands, output.frames, output.channels),
      count <= GraphLimits.values
    else {
      throw MtagError(.usage, "\(place) (\(rule.label)) gives \(output) values, more than any machine holds")
    }
    guard let cost = rule.multiplyAccumulates(inputs: inputs, output: output) else {
      throw MtagError(
        .usage, "\(place) (\(rule.label)) of an input of \(inputs[0]) takes more than 2⁶³ multiplications")
    }
    return Layer(
      node: node, inputs: inputs, output: output,
      parameters: rule.parameters(node: node.name, inputs: inputs), multiplyAccumulates: cost)
  }

  /// All parameters, in the order of the nodes.
  public func parameters() throws -> [Parameter] {
    try layers(frames: minimumFrames(), isBounded: false).flatMap(\.parameters)
  }
}

/// A node with what is known of it once the input's size is: a row of the layer table.
public struct Layer: Sendable, Hashable {
  /// The node.
  public let node: Graph.Node
  /// Shapes of what it reads, batch 1; at least one.
  public let inputs: [TensorShape]
  /// Shape of what it gives, batch 1.
  public let output: TensorShape
  /// Its weights.
  public let parameters: [Parameter]
  /// Multiply-accumulates for one clip.
  public let multiplyAccumulates: Int

  /// Shape of the first value it reads, batch 1.
  public var input: TensorShape { inputs[0] }

  /// How many values training changes.
  public var trainedCount: Int { parameters.filter(\.isTrained).reduce(0) { $0 + $1.count } }
}
