extension Graph {
  /// The nodes that one node's value depends on, that node being the last: for looking at a value inside a network.
  /// - Throws: `MtagError` (usage) if there is no such node.
  package func part(endingAt name: String) throws -> Graph {
    var needed: Set = [name]
    for node in nodes.reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    return try Graph(
      name: self.name, inputBands: inputBands, inputChannels: inputChannels,
      nodes: nodes.filter { needed.contains($0.name) })
  }
}

extension Weights {
  /// The weights of a part of the graph that these belong to.
  package func restricted(to part: Graph) throws -> Weights {
    var weights = Weights(parameters: try part.parameters())
    for (index, parameter) in weights.parameters.enumerated() {
      guard let range = range(of: parameter.name) else { continue }
      weights.values.replaceSubrange(weights.range(at: index), with: values[range])
    }
    return weights
  }
}
