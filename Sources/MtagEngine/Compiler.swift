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
  /// Values that must still be there after the last step.
  var keptValues: Set<String> = []

  /// - Throws: `MtagError` (usage) if the input is too short for the graph; or if OpenBLAS is missing.
  func compile(batch: Int, frames: Int) throws -> Plan {
    let layers = try graph.layers(frames: frames)
    let groups = fuse(layers)
    var memory = PlanMemory(
      groups: groups, graph: graph, isTraining: isTraining, keptValues: keptValues,
      thinValues: thinValues(groups))
    var inputShape = TensorShape(bands: graph.inputBands, frames: frames, channels: graph.inputChannels)
    inputShape.batch = batch
    let input = memory.makeInput(inputShape, stride: inputStride(groups))

    var steps: [any Step] = []
    var costs: [StepCost] = []
    func append(_ step: any Step, _ cost: StepCost = StepCost([], batch: batch)) {
      steps.append(step)
      costs.append(cost)
    }
    // The first node of a group, counted through the graph: what is fused must not change what is random.
    var position = 0
    for (index, group) in groups.enumerated() {
      let name = group.layers.map(\.node.name).joined(separator: " + ")
      let tensors = memory.makeTensors(index, name: name, batch: batch)
      if let copy = tensors.copy { append(CopyStep(copy)) }
      var convolved: Tensor?
      if group.kind == .trainedBlock {
        var inner = group.first.output
        inner.batch = batch
        convolved = memory.makeInner(inner, index)
      }
      append(
        try makeStep(group, at: position, tensors.step, convolved: convolved),
        StepCost(group.layers, batch: batch, way: group.kind == .firstBlock ? .patches : group.way))
      position += group.layers.count
      if let sum = tensors.gradientSum { append(sum) }
    }
    guard let logits = groups.last.flatMap({ memory.value(named: $0.last.node.name) }) else {
      preconditionFailure("a graph has nodes")
    }
    return try Plan(
      input: input, logits: logits.tensor, logitsGradient: logits.gradient, steps: steps, costs: costs,
      tensors: memory.tensors, keptValues: memory.tensors(named: keptValues), threads: threads)
  }
}
