extension Layer {
  /// One operator by itself, named `layer`, on inputs of any shapes: for tests and measurements.
  /// - Throws: `MtagError` (usage) for attributes out of range or inputs that do not fit.
  package init(of operation: Operation, inputs: [TensorShape]) throws {
    let node = Graph.Node(
      name: "layer", operation: operation, inputs: inputs.indices.map { "value\($0)" })
    let rule = operation.rule
    try rule.checkAttributes(node: node.name)
    self.init(
      node: node, inputs: inputs, output: try rule.outputShape(of: inputs, node: node.name),
      parameters: rule.parameters(node: node.name, inputs: inputs), multiplyAccumulates: 0)
  }
}
