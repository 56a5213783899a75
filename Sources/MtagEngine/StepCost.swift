import MtagGraph

/// What one fused step computes, whatever way it is computed.
struct StepCost {
  /// Multiply-accumulates of the direct form, forward, for the whole batch.
  let multiplyAccumulates: Int
  /// Weights, running statistics included.
  let parameterCount: Int
  /// How many times fewer multiplications are done than the direct form has: Winograd's F(4×4, 3×3) does 36 for 144.
  let saving: Double

  init(_ layers: [Layer], batch: Int, isWinograd: Bool) {
    saving = isWinograd ? 4 : 1
    multiplyAccumulates = batch * layers.reduce(0) { $0 + $1.multiplyAccumulates }
    parameterCount = layers.flatMap(\.parameters).reduce(0) { $0 + $1.count }
  }
}
