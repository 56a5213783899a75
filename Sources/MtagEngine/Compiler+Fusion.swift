import MtagGraph

/// Which nodes run as one step.
extension Compiler {
  /// Nodes that run as one step.
  struct Group {
    enum Kind { case firstBlock, trainedBlock, foldedBlock, norm, single }
    let kind: Kind
    let layers: [Layer]
    var first: Layer { layers[0] }
    var last: Layer { layers[layers.count - 1] }
  }

  func fuse(_ layers: [Layer]) -> [Group] {
    let chains = Chains(layers, keptValues: keptValues)
    var groups: [Group] = []
    var index = 0
    while index < layers.count {
      let rest = chains.chain(from: index)
      if index == 0, isFirstBlock(rest), chains.readers(of: Graph.inputName) == 1 {
        groups.append(Group(kind: .firstBlock, layers: Array(rest.prefix(4))))
        index += 4
      } else if let count = blockLength(rest) {
        groups.append(
          Group(kind: isTraining ? .trainedBlock : .foldedBlock, layers: Array(rest.prefix(count))))
        index += count
      } else if isChannelNorm(layers[index]) {
        let count = normLength(rest)
        groups.append(Group(kind: .norm, layers: Array(rest.prefix(count))))
        index += count
      } else {
        groups.append(Group(kind: .single, layers: [layers[index]]))
        index += 1
      }
    }
    return groups
  }

  /// Which layers follow each other with nobody else reading what stands between them.
  private struct Chains {
    private let layers: [Layer]
    private var readers: [String: Int] = [:]

    init(_ layers: [Layer], keptValues: Set<String>) {
      self.layers = layers
      for name in layers.flatMap(\.node.inputs) + keptValues { readers[name, default: 0] += 1 }
    }

    func readers(of name: String) -> Int { readers[name] ?? 0 }

    /// The layers from `index` on, up to the first that reads anything but just the one before it.
    func chain(from index: Int) -> ArraySlice<Layer> {
      var end = index + 1
      while end < layers.count, layers[end].node.inputs == [layers[end - 1].node.name],
        readers(of: layers[end - 1].node.name) == 1
      {
        end += 1
      }
      return layers[index..<end]
    }
  }

  private func isChannelNorm(_ layer: Layer) -> Bool {
    if case .batchNorm(let attributes) = layer.node.operation { attributes.axis == .channels } else { false }
  }

  private func isFirstBlock(_ layers: ArraySlice<Layer>) -> Bool {
    guard layers.count >= 4, let first = layers.first, first.input.channels == 1,
      case .convolution(let attributes) = first.node.operation, isWinograd(attributes), !attributes.hasBias,
      isChannelNorm(layers[layers.startIndex + 1])
    else { return false }
    return normLength(layers.dropFirst()) == 3
  }

  /// How many layers from a convolution on can run as one block, or nil. Only Winograd's blocks are trained as one, and only its
  /// tiles hold whole windows of a pool.
  private func blockLength(_ layers: ArraySlice<Layer>) -> Int? {
    guard layers.count >= 2,
      case .convolution(let attributes) = layers[layers.startIndex].node.operation,
      isChannelNorm(layers[layers.startIndex + 1]),
      isWinograd(attributes) || !isTraining
    else { return nil }
    return 1 + min(normLength(layers.dropFirst()), isWinograd(attributes) ? 3 : 2)
  }

  /// How many layers from a batch norm on run with it: ReLU, and after it a 2×2 pool.
  private func normLength(_ layers: ArraySlice<Layer>) -> Int {
    let operations = layers.prefix(3).map(\.node.operation)
    guard operations.count > 1, case .activation(.relu) = operations[1] else { return 1 }
    let square = Operation.Pool(kernel: .init(2, 2), stride: .init(2, 2))
    guard operations.count > 2, operations[2] == .maxPool(square) else { return 2 }
    return 3
  }

  func isWinograd(_ attributes: Operation.Convolution) -> Bool {
    attributes.kernel == .init(3, 3) && attributes.stride == .init(1, 1) && attributes.padding == .init(1, 1)
      && attributes.extraPadding == .init(0, 0) && attributes.dilation == .init(1, 1)
      && attributes.groups == 1
  }

  /// One channel stays unpadded where the first step can read it so.
  func inputStride(_ groups: [Group]) -> Int? {
    let readers = graph.nodes.flatMap(\.inputs).filter { $0 == Graph.inputName }
    guard graph.inputChannels == 1, readers.count == 1, let first = groups.first,
      first.first.node.inputs == [Graph.inputName]
    else { return nil }
    if first.kind == .firstBlock { return 1 }
    if case .harmonicFilter = first.first.node.operation { return 1 }
    if case .convolution(let attributes) = first.first.node.operation, !isWinograd(attributes) { return 1 }
    return nil
  }

  /// Whether a group's convolution is done by Winograd's kernels.
  func isWinograd(_ group: Group) -> Bool {
    guard group.kind != .firstBlock, case .convolution(let attributes) = group.first.node.operation else {
      return false
    }
    return isWinograd(attributes)
  }
}
