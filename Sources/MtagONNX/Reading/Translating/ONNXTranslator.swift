import MtagCore
import MtagGraph

/// Translates the nodes of an ONNX graph into those of ours, for inputs of one size.
struct ONNXTranslator {
  typealias Role = AxisFactor.Role
  typealias Fault = NodeReader.Fault

  let file: ONNXFile
  let walk: ShapeWalk
  private(set) var nodes: [Graph.Node] = []
  /// The weights of graph nodes by name.
  private(set) var weights: [String: [Float]] = [:]
  private var places: [String: Int] = [:]
  /// How many graph nodes read each.
  private(set) var graphReaders: [String: Int] = [:]
  private var storedValues = 0
  /// Values that a file's weights may become: twice what is stored, for a tensor may serve two nodes.
  private let mostValues: Int
  private let meter: DecodingMeter
  var views: [String: TensorView] = [:]
  /// How many nodes read each ONNX value.
  let readers: [String: Int]
  private var names: Set<String> = [Graph.inputName]

  /// - Parameters:
  ///   - walk: shapes for inputs of the size that `input` has.
  ///   - meaning: what the axes of the file's input mean.
  init(_ file: ONNXFile, walk: ShapeWalk, inputName: String, input: TensorShape, meaning: InputMeaning) {
    self.file = file
    self.walk = walk
    var readers: [String: Int] = [:]
    for name in file.nodes.flatMap(\.inputs) + file.outputs.map(\.name) { readers[name, default: 0] += 1 }
    self.readers = readers
    let stored = file.tensors.reduce(0) { $0.addingClamped($1.count) }
    mostValues = stored.multipliedClamped(by: 2).addingClamped(ONNXLimits.foldedValues)
    meter = DecodingMeter(limit: stored.multipliedClamped(by: 16).addingClamped(16 * ONNXLimits.foldedValues))
    views[inputName] = TensorView(node: Graph.inputName, shape: input, roles: meaning.roles)
  }

  /// Translates all nodes that a value needs.
  /// - Throws: `MtagError` (badData) naming the node that cannot be translated, and why.
  mutating func translate(_ target: String) throws {
    let needed = needed(for: target)
    for node in file.nodes where node.outputs.contains(where: { needed.contains($0) }) {
      // What is constant was computed on the way.
      if node.outputs.allSatisfy({ $0.isEmpty || walk.values[$0]?.isConstant == true }) { continue }
      do {
        try append(node)
      } catch let fault as Fault {
        throw file.bad("\(node.title) cannot be translated: \(fault.reason)")
      }
      guard nodes.count <= GraphLimits.nodes else {
        throw file.bad("the network has more than \(GraphLimits.nodes) nodes")
      }
    }
  }

  /// The names of all values that a value is computed from, itself included.
  private func needed(for target: String) -> Set<String> {
    var needed: Set = [target]
    for node in file.nodes.reversed() where node.outputs.contains(where: { needed.contains($0) }) {
      needed.formUnion(node.inputs)
    }
    return needed
  }

  private mutating func append(_ node: ONNXFile.Node) throws {
    guard node.domain.isEmpty else {
      throw Fault(
        "operator '\(node.domain).\(node.type)' is not one of the standard operators; export without it")
    }
    let reader = reader(node)
    switch node.type {
    case "Identity", "Cast", "Dropout", "CastLike": try keep(reader)
    case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Expand": try reshape(reader)
    case "Transpose": try transpose(reader)
    case "Slice": try slice(reader)
    case "Gather": try gather(reader)
    case "Pad": try pad(reader)
    case "Conv": try convolution(reader)
    case "MaxPool", "AveragePool": try pool(reader)
    case "GlobalAveragePool", "GlobalMaxPool": try globalPool(reader)
    case "ReduceMean", "ReduceMax", "ReduceSum": try reduction(reader)
    case "BatchNormalization": try batchNormalization(reader)
    case "LayerNormalization": try layerNormalization(reader)
    case "Softmax": try softmax(reader)
    case "MatMul": try matrixProduct(reader)
    case "Gemm": try matrixProductWithBias(reader)
    case "GRU", "LSTM": try recurrent(reader)
    case "Concat": try concatenation(reader)
    case "Add", "Sub", "Mul", "Div", "Neg", "Sum": try arithmetic(reader)
    case "Relu", "Elu", "Sigmoid", "Tanh", "HardSigmoid", "HardSwish", "Swish", "Gelu", "LeakyRelu", "PRelu",
      "Clip",
      "Erf", "Max", "Log":
      try pointwise(reader)
    default: throw Fault("operator '\(node.type)' is not supported")
    }
  }

  // MARK: - What the operators' files use

  /// A node with what is known of its inputs.
  func reader(_ node: ONNXFile.Node) -> NodeReader {
    NodeReader(
      node: node, inputs: node.inputs.map { $0.isEmpty ? nil : walk.values[$0] },
      operatorSet: walk.operatorSet, file: file)
  }

  /// The view of an input that is computed.
  func view(_ reader: NodeReader, _ index: Int) throws -> TensorView {
    guard let view = computedView(reader, index) else {
      throw Fault("input \(index) is constant or left out, and must come from the network's input")
    }
    return view
  }

  /// The view of an input; nil if it is constant or left out.
  func computedView(_ reader: NodeReader, _ index: Int) -> TensorView? {
    reader.node.inputs.indices.contains(index) ? views[reader.node.inputs[index]] : nil
  }

  /// The values of a constant input as floats; nil if it is left out.
  func constant(_ reader: NodeReader, _ index: Int) throws -> ONNXConstant? {
    guard reader.node.inputs.indices.contains(index), !reader.node.inputs[index].isEmpty else { return nil }
    guard let value = reader.input(index), let constant = try walk.constant(value) else {
      throw Fault("input \(index) ('\(reader.node.inputs[index])') must be constant")
    }
    try meter.take(constant.count)
    return constant
  }

  /// The values of a constant input that must be there.
  func weight(_ reader: NodeReader, _ index: Int) throws -> ONNXConstant {
    guard let constant = try constant(reader, index) else { throw Fault("input \(index) is missing") }
    return constant
  }

  /// The sizes of an output.
  func sizes(_ reader: NodeReader, output index: Int = 0) throws -> [Int] {
    guard let shape = walk.values[reader.node.outputs[index]]?.fixedShape else {
      throw Fault("the shape of its output does not follow from the network's input")
    }
    return shape
  }

  /// Says what stands for an output.
  mutating func define(_ reader: NodeReader, _ view: TensorView, output index: Int = 0) throws {
    guard reader.node.outputs.indices.contains(index), !reader.node.outputs[index].isEmpty else { return }
    guard view.sizes == (try sizes(reader, output: index)) else {
      throw Fault("its output of \(try sizes(reader, output: index)) would become \(view.sizes)")
    }
    views[reader.node.outputs[index]] = view
  }

  /// Adds a graph node.
  mutating func emit(_ operation: Operation, _ name: String, _ inputs: [String]) {
    places[name] = nodes.count
    for input in inputs { graphReaders[input, default: 0] += 1 }
    nodes.append(Graph.Node(name: name, operation: operation, inputs: inputs))
  }

  /// Keeps the values of a weight.
  mutating func store(_ name: String, _ values: [Float]) throws {
    storedValues += values.count
    guard storedValues <= mostValues else { throw Fault("the same tensors become weights again and again") }
    weights[name] = values
  }

  /// Puts another operation in the place of a node's.
  mutating func replace(_ name: String, _ operation: Operation) {
    guard let index = places[name] else { return }
    nodes[index] = Graph.Node(name: name, operation: operation, inputs: nodes[index].inputs)
  }

  /// The operation of a graph node.
  func operation(_ name: String) -> Operation? { places[name].map { nodes[$0].operation } }

  /// What a graph node reads first.
  func source(_ name: String) -> String? { places[name].flatMap { nodes[$0].inputs.first } }

  /// A name for a graph node: that of its weight without `.weight`, so that weights keep the names they had in PyTorch;
  /// else the ONNX node's, `/block1/conv/Conv` becoming `block1.conv`.
  mutating func name(_ reader: NodeReader, weight index: Int? = nil) -> String {
    var name = ""
    if let index, reader.node.inputs.indices.contains(index), reader.node.inputs[index].hasSuffix(".weight") {
      name = String(reader.node.inputs[index].dropLast(".weight".count))
    } else {
      var parts = reader.node.name.split(separator: "/").map(String.init)
      if parts.count > 1, let last = parts.last, last.hasPrefix(reader.node.type) { parts.removeLast() }
      name = parts.joined(separator: ".")
    }
    name = String(String.UnicodeScalarView(name.unicodeScalars.filter { $0.value >= 32 }))
    if name.isEmpty { name = "\(reader.node.type.lowercased())\(reader.node.index)" }
    return unique(name)
  }

  /// A name that no node has yet.
  mutating func unique(_ wish: String) -> String {
    // Parameters are named after nodes, which leaves less room than a name has.
    let short = String(wish.prefix(100))
    var name = short
    var number = 2
    while !names.insert(name).inserted {
      name = "\(short)~\(number)"
      number += 1
    }
    return name
  }
}
