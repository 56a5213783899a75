import MtagGraph

/// The order of a recurrent layer's gates: z, r, h and i, o, f, c in ONNX; r, z, n and i, f, g, o in PyTorch and here.
enum GateOrder {
  /// Rows of weights in ONNX's order, in ours.
  /// - Parameter size: values of one gate.
  static func fromONNX(_ values: [Float], _ kind: Operation.Recurrent.Kind, size: Int) -> [Float] {
    let order = kind == .gru ? [1, 0, 2] : [0, 2, 3, 1]
    return order.flatMap { values[$0 * size..<($0 + 1) * size] }
  }
}
