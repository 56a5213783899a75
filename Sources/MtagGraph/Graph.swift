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
        .usage, "\(name): the last node '\(last.node.name)' gives \(last.output), not a vector of logits")
    }
    return last.output.channels
  }

  /// Every node with its shapes, parameters and cost, for an input of `frames` frames and batch 1.
  /// - Throws: `MtagError` (usage) naming the node at which an input this small has nothing left.
  public func layers(frames: Int) throws -> [Layer] {
    guard (1...GraphLimits.frames).contains(frames) else {
      throw MtagError(.usage, "\(name): an input of \(frames) frames is not in 1 … \(GraphLimits.frames)")
    }
    var shapes = [Self.inputName: TensorShape(bands: inputBands, frames: frames, channels: inputChannels)]
    var result: [Layer] = []
    for node in nodes {
      guard let source = node.inputs.first, let input = shapes[source] else {
        throw MtagError(.usage, "\(name): node '\(node.name)' has no input")
      }
      let output = try node.operation.outputShape(of: input, node: "\(name): \(node.name)")
      result.append(
        Layer(
          node: node, input: input, output: output,
          parameters: node.operation.parameters(node: node.name, inputChannels: input.channels),
          multiplyAccumulates: try node.operation.multiplyAccumulates(
            input: input, output: output, node: "\(name): \(node.name)")))
      shapes[node.name] = output
    }
    return result
  }

  /// All parameters, in the order of the nodes.
  public func parameters() throws -> [Parameter] { try layers(frames: minimumFrames()).flatMap(\.parameters) }

  /// The shortest input, in frames, that reaches the last node.
  /// - Throws: `MtagError` (usage) if no length up to 2¹⁶ frames does: then there are too few bands.
  public func minimumFrames() throws -> Int {
    var low = 0
    var high = GraphLimits.frames
    _ = try layers(frames: high)
    while high - low > 1 {
      let middle = (low + high) / 2
      if (try? layers(frames: middle)) == nil { low = middle } else { high = middle }
    }
    return high
  }
}

/// A node with what is known of it once the input's size is: a row of the layer table.
public struct Layer: Sendable, Hashable {
  /// The node.
  public let node: Graph.Node
  /// Shape of what it reads, batch 1.
  public let input: TensorShape
  /// Shape of what it gives, batch 1.
  public let output: TensorShape
  /// Its weights.
  public let parameters: [Parameter]
  /// Multiply-accumulates for one clip.
  public let multiplyAccumulates: Int

  /// How many values training changes.
  public var trainedCount: Int { parameters.filter(\.isTrained).reduce(0) { $0 + $1.count } }
}
