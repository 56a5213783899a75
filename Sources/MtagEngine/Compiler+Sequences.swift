import MtagCore
import MtagGraph
import MtagKernelTypes

extension Compiler {
  /// The step of an operator on the channels of each frame, or along frames.
  /// - Throws: `MtagError` (usage) if OpenBLAS is missing or memory is short.
  func makeSequence(_ layer: Layer, _ tensors: StepTensors) throws -> any Step {
    let node = layer.node.name
    func slot(_ name: String) -> ParameterMemory.Slot { parameters.slot("\(node).\(name)") }
    switch layer.node.operation {
    case .linear(_, let hasBias):
      return try LinearStep(
        tensors, weights: slot("weight"), bias: hasBias ? slot("bias") : nil, isTrained: isTraining,
        blas: BLAS.load())
    case .layerNorm(let epsilon):
      return LayerNormStep(
        tensors, epsilon: epsilon, weight: slot("weight"), bias: slot("bias"), isTrained: isTraining)
    case .recurrent(let attributes):
      return try RecurrentStep(
        tensors, attributes: attributes, node: node, parameters: parameters, isTrained: isTraining,
        blas: BLAS.load())
    case .attention(let heads):
      return AttentionStep(
        tensors, heads: heads, blas: try BLAS.load(), kernels: kernels.attention)
    case .tokens(let count):
      return TokensStep(tensors, count: count, weights: slot("weight"))
    case .positions(let extent):
      return PositionsStep(tensors, tableFrames: extent.frames, weights: slot("weight"))
    case .harmonicFilter(let attributes):
      return HarmonicFilterStep(tensors, attributes: attributes, quality: slot("bw_Q"))
    default:
      preconditionFailure("\(layer.node.operation.label) is no sequence operator")
    }
  }
}
