import MtagGraph
import MtagKernelTypes

extension Compiler {
  /// The step of a function of each value, or of several values at the same place.
  func makePointwise(_ group: Group, at position: Int, _ tensors: StepTensors) -> any Step {
    let operation = group.first.node.operation
    switch operation {
    case .activation(let function): return ActivationStep(tensors, function: ActivationFunction(function))
    case .softmax(let axis): return SoftmaxStep(tensors, axis: axis)
    case .dropout(let rate): return DropoutStep(tensors, rate: rate, position: position)
    case .add: return CombineStep(tensors, multiplies: false, activation: group.activation)
    case .multiply: return CombineStep(tensors, multiplies: true, activation: group.activation)
    case .decibel(let floor): return DecibelStep(tensors, floor: floor)
    default: preconditionFailure("'\(operation.label)' is not pointwise")
    }
  }
}
