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

  /// Makes a graph and checks that it hangs together.
  /// - Throws: `MtagError` (usage) for a name that occurs twice, an input that is not there, or an empty list.
  public init(name: String, inputBands: Int, inputChannels: Int, nodes: [Node]) throws {
    self.name = name
    self.inputBands = inputBands
    self.inputChannels = inputChannels
    self.nodes = nodes
    try checkNames()
  }

  /// The number of labels: channels of the last node, which gives the logits `[batch, 1, 1, labels]`.
  public func labelCount() throws -> Int {
    guard let last = try layers(frames: minimumFrames()).last else { return 0 }
    return last.output.channels
  }

  /// Every node with its shapes, parameters and cost, for an input of `frames` frames and batch 1.
  /// - Throws: `MtagError` (usage) naming the node at which an input this small has nothing left.
  public func layers(frames: Int) throws -> [Layer] {
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
          multiplyAccumulates: node.operation.multiplyAccumulates(input: input, output: output)))
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
    var high = 1 << 16
    _ = try layers(frames: high)
    while high - low > 1 {
      let middle = (low + high) / 2
      if (try? layers(frames: middle)) == nil { low = middle } else { high = middle }
    }
    return high
  }

  private func checkNames() throws {
    guard !nodes.isEmpty else { throw MtagError(.usage, "\(name): a graph needs at least one node") }
    guard inputBands >= 1, inputChannels >= 1 else {
      throw MtagError(
        .usage, "\(name): an input of \(inputBands) bands and \(inputChannels) channels is empty")
    }
    var known: Set<String> = [Self.inputName]
    for node in nodes {
      for input in node.inputs where !known.contains(input) {
        throw MtagError(.usage, "\(name): node '\(node.name)' reads '\(input)', which is not before it")
      }
      guard known.insert(node.name).inserted else {
        throw MtagError(.usage, "\(name): two nodes are named '\(node.name)'")
      }
    }
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
