package import MtagGraph

extension Model {
  /// The network up to the embedding, whose last node gives it as a vector: the mean over bands and frames, where it has such. Nil
  /// if the network has no embedding.
  package func embeddingNetwork() throws -> (graph: Graph, weights: Weights)? {
    guard let name = graph.embeddingName else { return nil }
    var needed: Set = [name]
    for node in graph.nodes.reversed() where needed.contains(node.name) { needed.formUnion(node.inputs) }
    var nodes = graph.nodes.filter { needed.contains($0.name) }
    nodes.append(Graph.Node(name: "\(name) mean", operation: .globalAveragePool, inputs: [name]))
    let part = try Graph(
      name: graph.name, inputBands: graph.inputBands, inputChannels: graph.inputChannels, nodes: nodes)
    var values = Weights(parameters: try part.parameters())
    for parameter in values.parameters { values[parameter.name] = weights[parameter.name] }
    return (part, values)
  }
}
