internal import COnnx
import MtagCore
import MtagGraph
import MtagModel

/// Translates the nodes of a `Graph` into ONNX operators, channels first: `[batch, channels, bands, frames]`.
///
/// Our weights have PyTorch's shapes, which are ONNX's too, so they are stored as they are. A node's value is called
/// `NODE.output`. No weight and no value that is added here ends in `.output`, so no two names meet.
struct ONNXGraphBuilder {
  typealias Node = UnsafeMutablePointer<Onnx__NodeProto>
  typealias Tensor = UnsafeMutablePointer<Onnx__TensorProto>

  /// Names that the file's readers know.
  static let (input, logits, scores) = ("features", "logits", "scores")

  private let messages: ONNXMessages
  private let weights: Weights
  private(set) var nodes: [Node] = []
  private(set) var initializers: [Tensor] = []
  /// What stands for the value of each graph node so far.
  private var values: [String: Value] = [:]

  /// A value in the ONNX graph: four axes, or `[batch, channels]` behind a linear layer.
  private struct Value {
    var name: String
    var isVector: Bool
  }

  /// Names of ONNX nodes so far, and those that nodes of the graph will take: runtimes refuse a name used twice.
  private var nodeNames: Set<String>

  init(messages: ONNXMessages, graph: Graph, weights: Weights) {
    self.messages = messages
    self.weights = weights
    nodeNames = Set(graph.nodes.map(\.name))
  }

  /// `(features − mean) / deviation`
  mutating func standardize(_ standardization: Standardization) {
    let (mean, deviation) = ("standardize.mean", "standardize.deviation")
    initializers.append(messages.tensor(mean, shape: [], values: [standardization.mean]))
    initializers.append(messages.tensor(deviation, shape: [], values: [standardization.deviation]))
    addHelper("Sub", "standardize.subtract", [Self.input, mean], to: "standardize.difference")
    addHelper("Div", "standardize.divide", ["standardize.difference", deviation], to: "standardize.quotient")
    values[Graph.inputName] = Value(name: "standardize.quotient", isVector: false)
  }

  /// One node of the graph, whose input was added before. Dropout is the identity here and leaves no trace.
  mutating func append(_ layer: Layer) throws {
    let name = layer.node.name
    guard let source = layer.node.inputs.first.flatMap({ values[$0] }) else {
      preconditionFailure("node \(name) reads a value that was not exported")
    }
    layer.parameters.forEach { store($0) }
    let output = "\(name).output"
    switch layer.node.operation {
    case .convolution(let attributes):
      let (kernel, stride, padding) = (attributes.kernel, attributes.stride, attributes.padding)
      add(
        "Conv", name, [map(source, name), "\(name).weight"] + (attributes.hasBias ? ["\(name).bias"] : []),
        to: output,
        [
          ("dilations", .integers([attributes.dilation.bands, attributes.dilation.frames])),
          ("group", .integer(attributes.groups)),
          ("kernel_shape", .integers([kernel.bands, kernel.frames])),
          ("pads", .integers([padding.bands, padding.frames, padding.bands, padding.frames])),
          ("strides", .integers([stride.bands, stride.frames])),
        ])
      values[name] = Value(name: output, isVector: false)
    case .batchNorm(let attributes):
      let inputs = [source.name] + layer.parameters.map(\.name)
      add("BatchNormalization", name, inputs, to: output, [("epsilon", .float(attributes.epsilon))])
      values[name] = Value(name: output, isVector: source.isVector)
    case .activation(.relu):
      add("Relu", name, [source.name], to: output)
      values[name] = Value(name: output, isVector: source.isVector)
    case .maxPool(let attributes):
      add(
        "MaxPool", name, [map(source, name)], to: output,
        [
          ("kernel_shape", .integers([attributes.kernel.bands, attributes.kernel.frames])),
          ("strides", .integers([attributes.stride.bands, attributes.stride.frames])),
        ])
      values[name] = Value(name: output, isVector: false)
    case .globalAveragePool:
      add("GlobalAveragePool", name, [map(source, name)], to: output)
      values[name] = Value(name: output, isVector: false)
    case .dropout: values[name] = source
    case .linear:
      let inputs = [vector(source, name), "\(name).weight", "\(name).bias"]
      add("Gemm", name, inputs, to: output, [("transB", .integer(1))])
      values[name] = Value(name: output, isVector: true)
    default:
      throw MtagError(.usage, "\(name): '\(layer.node.operation.label)' cannot be written as ONNX")
    }
  }

  /// Names the last node's value `logits`, and adds `scores`: sigmoid for several labels a clip, softmax for one.
  mutating func finish(_ last: String, isMultiLabel: Bool) {
    guard let value = values[last] else { preconditionFailure("node \(last) was not exported") }
    if value.isVector, let node = nodes.last,
      node.pointee.output[0].map({ String(cString: $0) }) == value.name
    {
      node.pointee.output = messages.arena.strings([Self.logits])
    } else {
      addHelper("Flatten", "logits.flatten", [value.name], to: Self.logits, [("axis", .integer(1))])
    }
    if isMultiLabel {
      addHelper("Sigmoid", "scores", [Self.logits], to: Self.scores)
    } else {
      addHelper("Softmax", "scores", [Self.logits], to: Self.scores, [("axis", .integer(1))])
    }
  }

  // MARK: - Helpers

  /// A node beside those of the graph, with a name of its own.
  private mutating func addHelper(
    _ type: String, _ name: String, _ inputs: [String], to output: String,
    _ attributes: [(String, ONNXMessages.Attribute)] = []
  ) {
    var unique = name
    while !nodeNames.insert(unique).inserted { unique += "'" }
    add(type, unique, inputs, to: output, attributes)
  }

  private mutating func add(
    _ type: String, _ name: String, _ inputs: [String], to output: String,
    _ attributes: [(String, ONNXMessages.Attribute)] = []
  ) {
    nodes.append(messages.node(type, name: name, inputs: inputs, output: output, attributes: attributes))
  }

  private mutating func store(_ parameter: Parameter) {
    guard let range = weights.range(of: parameter.name) else {
      preconditionFailure("the model was validated, yet has no \(parameter.name)")
    }
    initializers.append(
      messages.tensor(parameter.name, shape: parameter.shape, values: weights.values[range]))
  }

  /// The value as `[batch, channels]`.
  private mutating func vector(_ value: Value, _ reader: String) -> String {
    if value.isVector { return value.name }
    addHelper(
      "Flatten", "\(reader).flatten", [value.name], to: "\(reader).flattened", [("axis", .integer(1))])
    return "\(reader).flattened"
  }

  /// The value as `[batch, channels, bands, frames]`.
  private mutating func map(_ value: Value, _ reader: String) -> String {
    guard value.isVector else { return value.name }
    initializers.append(messages.integers("\(reader).axes", [2, 3]))
    addHelper("Unsqueeze", "\(reader).unsqueeze", [value.name, "\(reader).axes"], to: "\(reader).unsqueezed")
    return "\(reader).unsqueezed"
  }
}
