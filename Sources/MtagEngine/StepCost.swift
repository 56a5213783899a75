import MtagGraph

/// What one fused step computes, whatever way it is computed.
struct StepCost {
  /// Multiply-accumulates of the direct form, forward, for the whole batch.
  let multiplyAccumulates: Int
  /// Weights, running statistics included.
  let parameterCount: Int
  /// How many times fewer multiplications are done than the direct form has.
  let saving: Double

  /// - Parameter way: how the convolution is done, if there is one.
  init(_ layers: [Layer], batch: Int, way: ConvolutionWay = .patches) {
    if case .convolution(let attributes) = layers.first?.node.operation {
      saving = attributes.saving(way)
    } else {
      saving = 1
    }
    multiplyAccumulates = batch * layers.reduce(0) { $0 + $1.multiplyAccumulates }
    parameterCount = layers.flatMap(\.parameters).reduce(0) { $0 + $1.count }
  }
}
