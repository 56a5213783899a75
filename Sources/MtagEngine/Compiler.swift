import MtagCore
import MtagGraph
import MtagKernelTypes

/// Compiles a graph for one batch shape: finds nodes that run as one step, gives every value its memory and its lifetime.
struct Compiler {
  let graph: Graph
  let parameters: ParameterMemory
  let kernels: KernelTable
  let threads: Int
  let isTraining: Bool

  /// - Throws: `MtagError` (usage) if the input is too short for the graph, or for a graph that is not a chain;
  ///   or if OpenBLAS is missing.
  func compile(batch: Int, frames: Int) throws -> Plan {
    let layers = try graph.layers(frames: frames)
    try checkChain()
    let groups = fuse(layers)
    // The plan's clock: group i runs forward at time i + 1 and backward at time end − i − 1.
    let end = 2 * groups.count + 2
    var values: [Tensor] = []
    var steps: [any Step] = []

    func make(_ shape: TensorShape, stride: Int? = nil, _ lifetime: ClosedRange<Int>) -> Tensor {
      let tensor = Tensor(shape: shape, channelStride: stride, lifetime: lifetime)
      values.append(tensor)
      return tensor
    }

    var inputShape = TensorShape(bands: graph.inputBands, frames: frames, channels: graph.inputChannels)
    inputShape.batch = batch
    let input = make(inputShape, stride: inputStride(groups), 0...(isTraining ? end : 1))
    var value = input
    var valueGradient: Tensor?
    // The first node of a group, counted through the graph: what is fused must not change what is random.
    var position = 0
    for (index, group) in groups.enumerated() {
      var shape = group.last.output
      shape.batch = batch
      let forward = index + 1
      let backward = end - index - 1
      // A value is read by the next group; in training also until its own group's backward is done.
      let output = make(shape, forward...(isTraining ? backward : forward + 1))
      // A norm overwrites its input with the input's gradient, so there the gradient has no memory of its own.
      let isOverwritten = index + 1 < groups.count && groups[index + 1].kind == .norm
      let gradient: Tensor? =
        !isTraining ? nil : isOverwritten ? output : make(shape, (backward - 1)...backward)
      let tensors = StepTensors(
        name: group.layers.map(\.node.name).joined(separator: " + "), input: value,
        inputGradient: valueGradient,
        output: output, outputGradient: gradient)
      var convolved: Tensor?
      if group.kind == .trainedBlock {
        var inner = group.first.output
        inner.batch = batch
        convolved = make(inner, forward...backward)
      }
      try steps.append(makeStep(group, at: position, tensors, convolved: convolved))
      position += group.layers.count
      (value, valueGradient) = (output, gradient)
    }
    return try Plan(
      input: input, logits: value, logitsGradient: valueGradient, steps: steps,
      costs: groups.map { StepCost($0.layers, batch: batch, isWinograd: isWinograd($0)) }, tensors: values,
      threads: threads)
  }

  private func isWinograd(_ group: Group) -> Bool {
    guard group.kind != .firstBlock, case .convolution(let attributes) = group.first.node.operation else {
      return false
    }
    return isWinograd(attributes)
  }

  // MARK: - Fusion

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

  private func isWinograd(_ attributes: Operation.Convolution) -> Bool {
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

  private func checkChain() throws {
    var previous = Graph.inputName
    for node in graph.nodes {
      guard node.inputs == [previous] else {
        throw MtagError(
          .usage,
          "\(graph.name): node '\(node.name)' reads \(node.inputs), not '\(previous)': the engine runs chains only"
        )
      }
      previous = node.name
    }
  }

  // MARK: - Steps

  func makeStep(
    _ group: Group, at position: Int, _ tensors: StepTensors, convolved: Tensor?
  ) throws -> any Step {
    let (name, input, output) = (tensors.name, tensors.input, tensors.output)
    let node = group.first.node.name
    switch (group.kind, group.first.node.operation) {
    case (.firstBlock, _):
      let norm = group.layers[1]
      guard case .batchNorm(let attributes) = norm.node.operation else { preconditionFailure(name) }
      return FirstBlockStep(
        tensors,
        taps: parameters.slot("\(node).weight"),
        state: NormState(
          node: norm.node.name, attributes: attributes, channelStride: output.channelStride,
          parameters: parameters),
        normWeight: parameters.slot("\(norm.node.name).weight"),
        normBias: parameters.slot("\(norm.node.name).bias"))
    case (.trainedBlock, .convolution(let attributes)):
      guard let convolved else { preconditionFailure("\(name): its convolution has no memory") }
      return WinogradBlockStep(
        tensors, convolved: convolved, convolution: winograd(node, attributes, tensors, output: convolved),
        norm: norm(Array(group.layers.dropFirst()), input: convolved))
    case (.foldedBlock, .convolution(let attributes)) where isWinograd(attributes):
      guard case .batchNorm(let norm) = group.layers[1].node.operation else { preconditionFailure(name) }
      return FoldedBlockStep(
        tensors, weights: parameters.slot("\(node).weight"),
        bias: attributes.hasBias ? parameters.slot("\(node).bias") : nil,
        state: NormState(
          node: group.layers[1].node.name, attributes: norm, channelStride: output.channelStride,
          parameters: parameters),
        ending: WinogradEnding(hasReLU: group.layers.count > 2, hasPool: group.layers.count > 3),
        kernels: kernels.winograd)
    case (_, .batchNorm):
      return NormStep(tensors, norm: norm(group.layers, input: input))
    case (_, .convolution(let attributes)) where isWinograd(attributes) && input.channelStride % 16 == 0:
      return WinogradStep(tensors, convolution: winograd(node, attributes, tensors, output: output))
    case (_, .convolution(let attributes)):
      return makeConvolution(group, attributes, tensors)
    case (_, .activation(.relu)):
      return ReLUStep(
        tensors
      )
    case (_, .maxPool(let attributes)):
      return MaxPoolStep(
        tensors,
        attributes: attributes)
    case (_, .globalAveragePool):
      return GlobalAveragePoolStep(
        tensors
      )
    case (_, .dropout(let rate)):
      return DropoutStep(
        tensors,
        rate: rate, position: position)
    case (_, .linear):
      return try LinearStep(
        tensors,
        weights: parameters.slot("\(node).weight"), bias: parameters.slot("\(node).bias"), blas: BLAS.load())
    }
  }

  private func winograd(
    _ node: String, _ attributes: Operation.Convolution, _ tensors: StepTensors, output: Tensor
  ) -> WinogradConvolution {
    WinogradConvolution(
      input: tensors.input, output: output, weights: parameters.slot("\(node).weight"),
      bias: attributes.hasBias ? parameters.slot("\(node).bias") : nil, isTrained: isTraining,
      hasInputGradient: tensors.inputGradient != nil, kernels: kernels.winograd)
  }

  /// A batch norm and what runs with it: ReLU, and after it a 2×2 pool.
  private func norm(_ layers: [Layer], input: Tensor) -> NormLayer {
    guard case .batchNorm(let attributes) = layers[0].node.operation else {
      preconditionFailure("\(layers[0].node.name) is not a batch norm")
    }
    return NormLayer(
      input,
      state: NormState(
        node: layers[0].node.name, attributes: attributes, channelStride: input.channelStride,
        parameters: parameters),
      hasReLU: layers.count > 1, hasPool: layers.count > 2, isTrained: isTraining)
  }
}
