import MtagCore
import MtagGraph

extension Compiler {
  /// The step of an operator on the channels of each frame, or along frames.
  func makeSequence(_ layer: Layer, _ tensors: StepTensors) throws -> any Step {
    let node = layer.node.name
    switch layer.node.operation {
    case .linear:
      return try LinearStep(
        tensors, weights: parameters.slot("\(node).weight"), bias: parameters.slot("\(node).bias"),
        blas: BLAS.load())
    default: throw MtagError(.usage, "the engine cannot run '\(layer.node.operation.label)'")
    }
  }
}
