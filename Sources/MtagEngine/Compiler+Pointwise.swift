import MtagCore
import MtagGraph

extension Compiler {
  /// The step of a function of each value, or of several values at the same place.
  func makePointwise(_ layer: Layer, at position: Int, _ tensors: StepTensors) throws -> any Step {
    switch layer.node.operation {
    case .activation(.relu): return ReLUStep(tensors)
    case .dropout(let rate): return DropoutStep(tensors, rate: rate, position: position)
    case .add where tensors.inputs.allSatisfy({ $0.shape == tensors.output.shape }): return AddStep(tensors)
    default: throw MtagError(.usage, "the engine cannot run '\(layer.node.operation.label)'")
    }
  }
}
