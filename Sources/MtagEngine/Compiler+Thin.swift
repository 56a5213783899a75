import MtagGraph
import MtagKernelTypes

/// Values of one channel that stand unpadded: a spectrogram is sixteen times as long with padding.
extension Compiler {
  /// The floats of a pixel of the network's input, or nil for the usual padding.
  func inputStride(_ groups: [Group]) -> Int? {
    if thinValues(groups).contains(Graph.inputName) { return 1 }
    let readers = graph.nodes.flatMap(\.inputs).filter { $0 == Graph.inputName }
    guard graph.inputChannels == 1, readers.count == 1, let first = groups.first,
      first.first.node.inputs == [Graph.inputName]
    else { return nil }
    if first.kind == .firstBlock { return 1 }
    switch first.first.node.operation {
    case .harmonicFilter: return 1
    case .convolution: return first.way == .patches ? 1 : nil
    default: return nil
    }
  }

  /// In inference, the input and norms of it that only convolutions read.
  func thinValues(_ groups: [Group]) -> Set<String> {
    guard !isTraining, graph.inputChannels == 1 else { return [] }
    var thin: Set<String> = []
    // From the end: a norm writes a thin value only if all its readers can read one, and reads one only if it writes one.
    for name in groups.reversed().filter({ isLoneNorm($0) && readsThinNorm(chainOf: $0) }).map(
      \.last.node.name)
      + [Graph.inputName]
    {
      let readers = groups.filter { $0.first.node.inputs.contains(name) }
      let isReadThin = readers.allSatisfy { group in
        switch group.first.node.operation {
        case .convolution(let attributes): group.way == .patches && attributes.groups == 1
        case .batchNorm: isLoneNorm(group) && thin.contains(group.last.node.name)
        default: false
        }
      }
      if isReadThin, !readers.isEmpty { thin.insert(name) }
    }
    return thin
  }

  /// Whether a group is a batch norm, of channels or bands, and nothing else.
  func isLoneNorm(_ group: Group) -> Bool {
    guard case .batchNorm = group.first.node.operation else { return false }
    return group.activation == nil && group.pool == .none
  }

  /// Whether what a convolution reads is a norm of the network's input of one channel, or a norm of such.
  func readsThinNorm(_ layer: Layer) -> Bool {
    guard graph.inputChannels == 1, let name = layer.node.inputs.first,
      let node = graph.nodes.first(where: { $0.name == name }), isNormOfInput(node)
    else { return false }
    // Every reader must be a convolution, since others read padded values.
    return graph.nodes.filter { $0.inputs.contains(name) }.allSatisfy {
      if case .convolution(let attributes) = $0.operation { attributes.groups == 1 } else { false }
    }
  }

  private func readsThinNorm(chainOf group: Group) -> Bool { isNormOfInput(group.first.node) }

  private func isNormOfInput(_ node: Graph.Node) -> Bool {
    guard case .batchNorm = node.operation, let source = node.inputs.first else { return false }
    if source == Graph.inputName { return true }
    guard let before = graph.nodes.first(where: { $0.name == source }) else { return false }
    return isNormOfInput(before)
  }
}
