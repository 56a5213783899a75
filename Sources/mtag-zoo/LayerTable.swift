import MtagZoo

/// A network's layers as text.
enum LayerTable {
  /// A head, a row a layer, and the totals.
  static func lines(_ layers: [Layer]) -> [String] {
    var table = TextTable(["LAYER", "OPERATOR", "INPUT", "OUTPUT", "PARAMETERS", "MACS"])
    for layer in layers {
      table.add([
        layer.node.name, layer.node.operation.label, layer.input.description, layer.output.description,
        "\(layer.trainedCount)", "\(layer.multiplyAccumulates)",
      ])
    }
    let parameters = layers.reduce(0) { $0 + $1.trainedCount }
    let macs = layers.reduce(0) { $0 + $1.multiplyAccumulates }
    table.add(["total", "", "", "", "\(parameters)", "\(macs)"])
    return table.lines(leftColumns: [0, 1])
  }
}
