import MtagZoo

/// A network's layers as text.
enum LayerTable {
  /// A head, a row a layer, and the totals.
  static func lines(_ layers: [Layer]) -> [String] {
    let isChain = zip(layers, layers.dropFirst()).allSatisfy { $1.node.inputs == [$0.node.name] }
    var table = TextTable(
      ["LAYER", "OPERATOR"] + (isChain ? [] : ["READS"]) + ["INPUT", "OUTPUT", "PARAMETERS", "MACS"])
    var previous = Graph.inputName
    for layer in layers {
      // Only what is not simply the row above is worth a name.
      let reads = layer.node.inputs == [previous] ? "" : layer.node.inputs.joined(separator: ", ")
      let first = layer.inputs.first
      let shapes = layer.inputs.allSatisfy { $0 == first } ? Array(layer.inputs.prefix(1)) : layer.inputs
      table.add(
        [layer.node.name, layer.node.operation.label] + (isChain ? [] : [reads])
          + [
            shapes.map(\.description).joined(separator: ", "), layer.output.description,
            "\(layer.trainedCount)",
            "\(layer.multiplyAccumulates)",
          ])
      previous = layer.node.name
    }
    let parameters = layers.reduce(0) { $0 + $1.trainedCount }
    let macs = layers.reduce(0) { $0 + $1.multiplyAccumulates }
    table.add(["total", "", ""] + (isChain ? [] : [""]) + ["", "\(parameters)", "\(macs)"])
    return table.lines(leftColumns: isChain ? [0, 1] : [0, 1, 2])
  }
}
