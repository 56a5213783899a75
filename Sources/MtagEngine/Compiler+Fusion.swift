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
    var groups: [Group] = []
    var index = 0
    while index < layers.count {
      let rest = layers[index...]
      if index == 0, isFirstBlock(rest) {
        groups.append(Group(kind: .firstBlock, layers: Array(rest.prefix(4))))
        index += 4
      } else if let count = blockLength(rest) {
        groups.append(
          Group(kind: isTraining ? .trainedBlock : .foldedBlock, layers: Array(rest.prefix(count))))
        index += count
      } else if case .batchNorm = layers[index].node.operation {
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

  private func isFirstBlock(_ layers: ArraySlice<Layer>) -> Bool {
    guard layers.count >= 4, let first = layers.first, first.input.channels == 1,
      case .convolution(let attributes) = first.node.operation, isWinograd(attributes), !attributes.hasBias,
      case .batchNorm = layers[layers.startIndex + 1].node.operation
    else { return false }
    return normLength(layers.dropFirst()) == 3
  }

  /// How many layers from a convolution on can run as one block, or nil. Only Winograd's blocks are trained as one, and only its
  /// tiles hold whole windows of a pool.
  private func blockLength(_ layers: ArraySlice<Layer>) -> Int? {
    guard layers.count >= 2,
      case .convolution(let attributes) = layers[layers.startIndex].node.operation,
      case .batchNorm = layers[layers.startIndex + 1].node.operation,
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
      && attributes.dilation == .init(1, 1) && attributes.groups == 1
  }

  /// One channel stays unpadded where the first step can read it so.
  func inputStride(_ groups: [Group]) -> Int? {
    guard graph.inputChannels == 1, let first = groups.first else { return nil }
    if first.kind == .firstBlock { return 1 }
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
