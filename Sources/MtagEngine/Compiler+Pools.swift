import MtagCore
import MtagGraph

extension Compiler {
  /// The step of an operator that joins, drops or moves values.
  func makePool(_ layer: Layer, _ tensors: StepTensors) throws -> any Step {
    switch layer.node.operation {
    case .maxPool(let attributes): return MaxPoolStep(tensors, attributes: attributes)
    case .globalAveragePool: return GlobalAveragePoolStep(tensors)
    default: throw MtagError(.usage, "the engine cannot run '\(layer.node.operation.label)'")
    }
  }
}
