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
}
