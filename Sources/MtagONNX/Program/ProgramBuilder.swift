/// Writes an `ONNXProgram` node by node, with unique names.
///
/// Names that the network's own nodes and weights will take are reserved first; a helper's name that meets one gets a prime.
struct ProgramBuilder {
  typealias Attributes = KeyValuePairs<String, ProgramNode.Value>

  /// Version of the standard operators that the nodes follow.
  let opset: Int
  private(set) var nodes: [ProgramNode] = []
  private(set) var tensors: [ProgramTensor] = []
  private var nodeNames: Set<String>
  private var valueNames: Set<String>
  /// Names of constants by what they hold, so that equal ones are stored once.
  private var constants: [String: String] = [:]

  init(opset: Int, reservedNodes: Set<String> = [], reservedValues: Set<String> = []) {
    self.opset = opset
    nodeNames = reservedNodes
    valueNames = reservedValues
  }

  // MARK: - Nodes

  /// A node beside those of the network, with names of its own.
  /// - Returns: the name of its value.
  mutating func add(_ type: String, _ name: String, _ inputs: [String], _ attributes: Attributes = [:])
    -> String
  {
    let output = unusedValue(name)
    append(type, unusedNode(name), inputs, [output], attributes)
    return output
  }

  /// The same for an operator of several values.
  mutating func add(
    _ type: String, _ name: String, _ inputs: [String], outputs count: Int, _ attributes: Attributes = [:]
  ) -> [String] {
    let outputs = (0..<count).map { unusedValue("\(name).\($0)") }
    append(type, unusedNode(name), inputs, outputs, attributes)
    return outputs
  }

  /// A helper that gives a value of a name that was reserved.
  mutating func add(
    _ type: String, _ name: String, _ inputs: [String], to output: String, _ attributes: Attributes = [:]
  ) {
    append(type, unusedNode(name), inputs, [output], attributes)
  }

  /// A node of the network: both names were reserved.
  mutating func addReserved(
    _ type: String, _ name: String, _ inputs: [String], to output: String, _ attributes: Attributes = [:]
  ) {
    append(type, name, inputs, [output], attributes)
  }

  /// Renames the value that the last node gives.
  /// - Returns: whether it was that value.
  mutating func rename(lastValue name: String, to newName: String) -> Bool {
    guard let last = nodes.indices.last, nodes[last].outputs == [name] else { return false }
    nodes[last].outputs = [newName]
    return true
  }

  // MARK: - Tensors

  /// Stores a tensor of a name that was reserved.
  mutating func storeReserved(_ name: String, shape: [Int], _ values: ProgramTensor.Values) {
    tensors.append(ProgramTensor(name, shape: shape, values))
  }

  /// Stores a tensor under a name of its own.
  mutating func store(_ name: String, shape: [Int], _ values: ProgramTensor.Values) -> String {
    let unused = unusedValue(name)
    tensors.append(ProgramTensor(unused, shape: shape, values))
    return unused
  }

  /// One number of 32 bits; equal ones are stored once.
  mutating func number(_ value: Float) -> String {
    constant("number:\(value.bitPattern)", "constant.\(value)", shape: [], .single([value]))
  }

  /// A list of whole numbers; equal ones are stored once.
  mutating func integers(_ values: [Int]) -> String {
    let text = values.map(String.init).joined(separator: ",")
    return constant("integers:\(text)", "constant.[\(text)]", shape: [values.count], .integers(values))
  }

  /// One whole number, of no dimension; equal ones are stored once.
  mutating func integer(_ value: Int) -> String {
    constant("integer:\(value)", "constant.\(value)", shape: [], .integers([value]))
  }

  /// Reserves a value's name.
  mutating func unusedValue(_ name: String) -> String {
    var unused = name
    while !valueNames.insert(unused).inserted { unused += "'" }
    return unused
  }

  // MARK: - Helpers

  private mutating func constant(
    _ key: String, _ name: String, shape: [Int], _ values: ProgramTensor.Values
  ) -> String {
    if let known = constants[key] { return known }
    let stored = store(name, shape: shape, values)
    constants[key] = stored
    return stored
  }

  private mutating func unusedNode(_ name: String) -> String {
    var unused = name
    while !nodeNames.insert(unused).inserted { unused += "'" }
    return unused
  }

  private mutating func append(
    _ type: String, _ name: String, _ inputs: [String], _ outputs: [String], _ attributes: Attributes
  ) {
    nodes.append(
      ProgramNode(
        type, name: name, inputs: inputs, outputs: outputs,
        attributes: attributes.map { ProgramNode.Attribute($0.key, $0.value) }))
  }
}
