import MtagGraph

/// Gives every value of a plan, and in training every gradient, its tensor with its lifetime.
///
/// The plan's clock: group i runs forward at time 2i + 2 and backward at time end − 2i − 2. A value that several groups read has a
/// gradient tensor for each of them; they are added up at time end − 2i − 3, after all those and before its own group's backward.
struct PlanMemory {
  /// What one group reads and writes.
  struct GroupTensors {
    let step: StepTensors
    /// A copy of the input for a step that overwrites it, where others read it too.
    let copy: StepTensors?
    /// Adds up the gradients of the output's readers.
    let gradientSum: GradientSumStep?
  }

  /// A value and its gradient, summed over its readers.
  struct Value {
    let tensor: Tensor
    let gradient: Tensor?
  }

  /// All tensors made so far, the input first.
  private(set) var tensors: [Tensor] = []

  private let groups: [Compiler.Group]
  private let isTraining: Bool
  private let keptValues: Set<String>
  private let thinValues: Set<String>
  private let end: Int
  /// The groups that read a value, once for each time they do.
  private var readers: [String: [Int]] = [:]
  private var values: [String: Value] = [:]
  /// Gradient tensors that wait for their readers, in the order of `readers`.
  private var waiting: [String: [Tensor]] = [:]

  /// - Parameter thinValues: values of one channel that stand unpadded.
  init(
    groups: [Compiler.Group], graph: Graph, isTraining: Bool, keptValues: Set<String>,
    thinValues: Set<String>
  ) {
    self.groups = groups
    self.isTraining = isTraining
    self.keptValues = keptValues
    self.thinValues = thinValues
    end = 4 * groups.count + 6
    for (index, group) in groups.enumerated() {
      for name in group.first.node.inputs { readers[name, default: []].append(index) }
    }
  }

  /// The network's input.
  mutating func makeInput(_ shape: TensorShape, stride: Int?) -> Tensor {
    let last = readers[Graph.inputName]?.max() ?? 0
    let tensor = make(shape, stride: stride, 0...(isTraining ? end : forwardTime(last)))
    values[Graph.inputName] = Value(tensor: tensor, gradient: nil)
    return tensor
  }

  /// A value between the parts of a group, kept for its backward.
  mutating func makeInner(_ shape: TensorShape, _ index: Int) -> Tensor {
    make(shape, forwardTime(index)...backwardTime(index))
  }

  /// The tensors of a group, whose inputs were made before.
  mutating func makeTensors(_ index: Int, name: String, batch: Int) -> GroupTensors {
    let group = groups[index]
    var inputs: [Tensor] = []
    var gradients: [Tensor?] = []
    var copy: StepTensors?
    for source in group.first.node.inputs {
      guard let value = values[source] else { preconditionFailure("\(source) is read before it is made") }
      var gradient = waiting[source]?.first
      if gradient != nil { waiting[source]?.removeFirst() }
      if isOverwriting(group), isTraining, isShared(source) {
        // Its gradient then stands in the copy, which is what the copy's reader overwrites.
        let own = gradient ?? make(value.tensor.shape, forwardTime(index)...backwardTime(index))
        copy = StepTensors(
          name: "copy of \(source)", inputs: [value.tensor], inputGradients: [nil], output: own,
          outputGradient: nil)
        inputs.append(own)
        gradient = value.gradient == nil ? nil : own
      } else {
        inputs.append(value.tensor)
      }
      gradients.append(gradient)
    }
    let output = makeOutput(index, batch: batch)
    let step = StepTensors(
      name: name, inputs: inputs, inputGradients: gradients, output: output.tensor,
      outputGradient: output.gradient)
    return GroupTensors(
      step: step, copy: copy, gradientSum: gradientSum(group.last.node.name, of: step))
  }

  /// A value by the name of the node that gives it.
  func value(named name: String) -> Value? { values[name] }

  /// The tensors of some values.
  func tensors(named names: Set<String>) -> [String: Tensor] {
    values.filter { names.contains($0.key) }.mapValues(\.tensor)
  }

  // MARK: - Helpers

  private func forwardTime(_ index: Int) -> Int { 2 * index + 2 }
  private func backwardTime(_ index: Int) -> Int { end - 2 * index - 2 }

  /// A batch norm of channels overwrites its input with the input's gradient.
  private func isOverwriting(_ group: Compiler.Group) -> Bool { group.kind == .norm }

  private func isShared(_ name: String) -> Bool {
    (readers[name]?.count ?? 0) > 1 || keptValues.contains(name)
  }

  private mutating func make(_ shape: TensorShape, stride: Int? = nil, _ lifetime: ClosedRange<Int>) -> Tensor
  {
    let tensor = Tensor(shape: shape, channelStride: stride, lifetime: lifetime)
    tensors.append(tensor)
    return tensor
  }

  private mutating func makeOutput(_ index: Int, batch: Int) -> Value {
    let name = groups[index].last.node.name
    var shape = groups[index].last.output
    shape.batch = batch
    let lastReader = readers[name]?.max() ?? index
    let last = keptValues.contains(name) ? end : isTraining ? backwardTime(index) : forwardTime(lastReader)
    let tensor = make(shape, stride: thinValues.contains(name) ? 1 : nil, forwardTime(index)...last)
    var gradient: Tensor?
    if isTraining {
      let readers = readers[name] ?? []
      let gradients = readers.map { reader in
        if isOverwriting(groups[reader]) {
          return isShared(name)
            ? make(shape, forwardTime(reader)...backwardTime(index)) : tensor
        }
        return make(shape, backwardTime(reader)...backwardTime(index))
      }
      waiting[name] = gradients
      // The loss writes the logits' gradient before the first backward.
      gradient = gradients.first ?? make(shape, (backwardTime(index) - 1)...backwardTime(index))
    }
    let value = Value(tensor: tensor, gradient: gradient)
    values[name] = value
    return value
  }

  private func gradientSum(_ name: String, of step: StepTensors) -> GradientSumStep? {
    guard let gradients = waiting[name], gradients.count > 1 else { return nil }
    return GradientSumStep(
      StepTensors(
        name: "gradients of \(name)", inputs: [step.output], inputGradients: [nil], output: step.output,
        outputGradient: gradients[0]),
      others: Array(gradients.dropFirst()))
  }
}
