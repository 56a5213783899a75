import MtagGraph

/// How much of the input one value sees before everything is pooled together.
struct ReceptiveField: Hashable {
  /// Rows of the input.
  var bands = 1
  /// Columns of the input.
  var frames = 1
  /// Input rows from one value to the next.
  private var bandStep = 1
  /// Input columns from one value to the next.
  private var frameStep = 1

  /// The field of the last value before the network pools over all frames.
  static func of(_ graph: Graph) -> ReceptiveField {
    var fields = [Graph.inputName: ReceptiveField()]
    var largest = ReceptiveField()
    for node in graph.nodes {
      let inputs = node.inputs.compactMap { fields[$0] }
      guard var field = inputs.max(by: { $0.frames < $1.frames }), !inputs.isEmpty else { continue }
      switch node.operation {
      case .convolution(let attributes): field.look(through: attributes.reach, stride: attributes.stride)
      case .maxPool(let attributes), .averagePool(let attributes):
        field.look(through: attributes.kernel, stride: attributes.stride)
      case .globalAveragePool, .linear, .reduce, .adaptivePool, .recurrent, .attention, .select: continue
      default: break
      }
      fields[node.name] = field
      if field.frames >= largest.frames { largest = field }
    }
    return largest
  }

  private mutating func look(through kernel: Operation.Extent, stride: Operation.Extent) {
    bands += (kernel.bands - 1) * bandStep
    frames += (kernel.frames - 1) * frameStep
    bandStep *= stride.bands
    frameStep *= stride.frames
  }
}
