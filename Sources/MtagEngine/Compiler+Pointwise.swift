import MtagGraph
import MtagKernelTypes

extension Compiler {
  /// The step of a function of each value, or of several values at the same place.
  func makePointwise(_ layer: Layer, at position: Int, _ tensors: StepTensors) -> any Step {
    switch layer.node.operation {
    case .activation(let function): return ActivationStep(tensors, function: ActivationFunction(function))
    case .softmax(let axis): return SoftmaxStep(tensors, axis: axis)
    case .dropout(let rate): return DropoutStep(tensors, rate: rate, position: position)
    case .add: return CombineStep(tensors, multiplies: false)
    case .multiply: return CombineStep(tensors, multiplies: true)
    case .decibel(let floor): return DecibelStep(tensors, floor: floor)
    default: preconditionFailure("'\(layer.node.operation.label)' is not pointwise")
    }
  }
}
