import MtagCore

extension Operation {
  /// The shape that the operator gives of values of these shapes, for who writes a graph and wants to know it on the way. Sizes may
  /// come out as 0 or less where an input is too small; the graph as a whole is checked by `Graph`.
  /// - Throws: `MtagError` (usage) naming `node` if attributes make no sense or the inputs have the wrong form.
  package func shape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    guard rule.inputCount.contains(inputs.count) else {
      let count = "\(rule.inputCount.lowerBound)" + (rule.inputCount.count > 1 ? " or more" : "")
      throw MtagError(.usage, "\(node) (\(label)) reads \(inputs.count) values, not \(count)")
    }
    try rule.checkAttributes(node: node)
    return try rule.outputShape(of: inputs, node: node)
  }
}
