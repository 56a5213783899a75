import MtagGraph

extension NetworkWriter {
  /// One node of the graph, whose inputs were added before. Dropout is the identity here and leaves no trace.
  mutating func append(_ layer: Layer, extents: Extents) throws {
    let (name, inputs) = (layer.node.name, layer.node.inputs)
    let source = inputs[0]
    switch layer.node.operation {
    case .convolution(let attributes): convolution(name, source, attributes, extents)
    case .batchNorm(let attributes): batchNorm(name, source, attributes, extents)
    case .layerNorm(let epsilon): layerNorm(name, source, epsilon, extents)
    case .activation(let function): activation(name, source, function, extents)
    case .softmax(let axis): softmax(name, source, axis, extents)
    case .maxPool(let attributes): pool("MaxPool", name, source, attributes, extents)
    case .averagePool(let attributes): pool("AveragePool", name, source, attributes, extents)
    case .adaptivePool(let attributes): adaptivePool(name, source, attributes, extents)
    case .globalAveragePool:
      builder.addReserved("GlobalAveragePool", name, [value(source, .map)], to: output(name))
      define(name, output(name), .map, extents)
    case .reduce(let attributes): reduction(name, source, attributes, extents)
    case .dropout: alias(name, of: source)
    case .linear(_, let hasBias): linear(name, source, hasBias: hasBias, extents)
    case .add: combination("Add", name, inputs, extents)
    case .multiply: combination("Mul", name, inputs, extents)
    case .concatenate(let axis): concatenation(name, inputs, axis, extents)
    case .flatten(let kind): flatten(name, source, kind, extents)
    case .select(let frame): selection(name, source, frame, extents)
    case .tokens(let count): tokens(name, source, count, extents)
    case .positions(let table): positions(name, source, table, extents)
    case .recurrent(let attributes): recurrent(name, source, attributes, extents)
    case .attention(let heads): attention(name, source, heads: heads, extents)
    case .harmonicFilter(let attributes): harmonicFilter(name, source, attributes, extents)
    case .decibel(let floor): decibel(name, source, floor, extents)
    }
  }
}
