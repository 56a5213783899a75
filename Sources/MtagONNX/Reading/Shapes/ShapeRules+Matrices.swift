/// Shapes of matrix products, and what operators cost.
extension ShapeRules {
  static func matrixProductWithBias(_ node: NodeReader) throws -> Shape? {
    guard var left = node.shape(0), var right = node.shape(1) else { return nil }
    guard left.count == 2, right.count == 2 else {
      throw Fault("\(text(left)) and \(text(right)) must be matrices")
    }
    if try node.integer("transA") ?? 0 != 0 { left.reverse() }
    if try node.integer("transB") ?? 0 != 0 { right.reverse() }
    if let inner = left[1], let other = right[0], inner != other {
      throw Fault("\(inner) columns of the first matrix do not fit \(other) rows of the second")
    }
    let result: Shape = [left[0], right[1]]
    if let bias = node.shape(2) {
      guard bias.count <= 2 else { throw Fault("bias \(text(bias)) has more than two axes") }
      _ = try broadcast(result, bias)
    }
    return result
  }

  static func matrixProduct(_ node: NodeReader) throws -> Shape? {
    guard let left = node.shape(0), let right = node.shape(1) else { return nil }
    guard !left.isEmpty, !right.isEmpty else {
      throw Fault("a single number cannot be multiplied as a matrix")
    }
    let (a, b) = (left.count == 1 ? [1] + left : left, right.count == 1 ? right + [1] : right)
    if let inner = a[a.count - 1], let other = b[b.count - 2], inner != other {
      throw Fault("\(text(left)) and \(text(right)) do not fit: \(inner) columns, \(other) rows")
    }
    var result = try broadcast(Array(a.dropLast(2)), Array(b.dropLast(2)))
    if left.count > 1 { result.append(a[a.count - 2]) }
    if right.count > 1 { result.append(b[b.count - 1]) }
    return result
  }

  /// Multiply-accumulates of convolutions, matrix products and recurrent layers, as far as shapes are known; 0 for all
  /// others.
  static func multiplyAccumulates(_ node: NodeReader, _ results: [KnownValue]) throws -> Int {
    guard let output = results.first?.fixedShape else { return 0 }
    let values = output.reduce(1) { $0.multipliedClamped(by: $1) }
    switch node.node.type {
    case "Conv":
      guard let weight = node.input(1)?.fixedShape else { return 0 }
      return weight.dropFirst().reduce(values) { $0.multipliedClamped(by: $1) }
    case "Gemm", "MatMul":
      guard let left = node.input(0)?.fixedShape, let last = left.last else { return 0 }
      let isTransposed = try node.node.type == "Gemm" && node.integer("transA") ?? 0 != 0
      return values.multipliedClamped(by: isTransposed ? left[0] : last)
    case "GRU", "LSTM":
      guard let weight = node.input(1)?.fixedShape, let again = node.input(2)?.fixedShape, weight.count == 3,
        again.count == 3, let frames = node.input(0)?.fixedShape
      else { return 0 }
      let each = weight[0].multipliedClamped(by: weight[1])
        .multipliedClamped(by: weight[2].addingClamped(again[2]))
      return frames[0].multipliedClamped(by: frames[1]).multipliedClamped(by: each)
    default: return 0
    }
  }
}
