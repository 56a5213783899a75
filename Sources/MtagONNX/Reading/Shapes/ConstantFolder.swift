/// Computes nodes whose inputs are constants or shapes: what exporters write to find out sizes while a graph runs.
/// - Source: the ONNX operator reference, https://onnx.ai/onnx/operators.
enum ConstantFolder {
  typealias Fault = NodeReader.Fault

  /// The value of a node, or nil if its inputs are not known or its operator computes no sizes.
  /// - Parameter limit: the most values it may have.
  static func fold(_ node: NodeReader, limit: Int) throws -> KnownValue? {
    switch node.node.type {
    case "Constant": return try constant(node)
    case "Shape":
      guard let shape = node.shape(0) else { return nil }
      let sizes = shape[try ShapeRules.shapeRange(node, shape)].compactMap(\.self)
      guard sizes.count == (try ShapeRules.shapeRange(node, shape).count) else { return nil }
      return .constant(ONNXConstant([sizes.count], integers: sizes), .int64)
    case "Size":
      guard let shape = node.input(0)?.fixedShape else { return nil }
      return .constant(ONNXConstant([], integers: [shape.reduce(1) { $0.multipliedClamped(by: $1) }]), .int64)
    case "ConstantOfShape": return try filled(node, limit: limit)
    default: break
    }
    // Everything else needs all its inputs.
    guard !node.inputs.isEmpty, node.inputs.allSatisfy({ $0 == nil || $0?.constant != nil }),
      node.input(0) != nil,
      let result = try ShapeRules.outputs(node).first, let shape = result.fixedShape
    else { return nil }
    let count = shape.reduce(1) { $0.multipliedClamped(by: $1) }
    guard count <= limit, let constant = try compute(node, shape),
      constant.count == count
    else { return nil }
    return .constant(constant, result.type ?? (constant.integers == nil ? .float : .int64))
  }

  /// The operators that are computed from constants.
  static let operators: Set<String> = [
    "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast", "Transpose", "Concat", "Gather",
    "Slice", "Expand",
    "Where", "Not", "Neg", "Abs", "Sqrt", "Reciprocal", "Floor", "Ceil", "ReduceProd", "ReduceSum",
    "ReduceMax", "ReduceMin",
    "Add", "Sub", "Mul", "Div", "Mod", "Max", "Min", "Equal", "Less", "Greater", "LessOrEqual",
    "GreaterOrEqual", "And", "Or",
    "ConstantOfShape",
  ]

  private static func compute(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    switch node.node.type {
    case "Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze": moved(node, shape)
    case "Cast": try cast(node, shape)
    case "Transpose": try transposed(node, shape)
    case "Concat": try concatenated(node, shape)
    case "Gather": try gathered(node, shape)
    case "Slice": try sliced(node, shape)
    case "Expand": node.input(0)?.constant.map { spread($0, to: shape) }
    case "Where": chosen(node, shape)
    case "Not": mapped(node, shape, { $0 == 0 ? 1 : 0 }, nil)
    case "Neg": mapped(node, shape, { 0.subtractingClamped($0) }, { -$0 })
    case "Abs": mapped(node, shape, { $0 == .min ? .max : abs($0) }, { abs($0) })
    case "Sqrt": mapped(node, shape, nil, { $0.squareRoot() })
    case "Reciprocal": mapped(node, shape, nil, { 1 / $0 })
    case "Floor": mapped(node, shape, nil, { $0.rounded(.down) })
    case "Ceil": mapped(node, shape, nil, { $0.rounded(.up) })
    case "ReduceProd": try reduced(node, shape, { $0.multipliedClamped(by: $1) }, { $0 * $1 })
    case "ReduceSum": try reduced(node, shape, { $0.addingClamped($1) }, { $0 + $1 })
    case "ReduceMax": try reduced(node, shape, { max($0, $1) }, { max($0, $1) })
    case "ReduceMin": try reduced(node, shape, { min($0, $1) }, { min($0, $1) })
    case "Add": paired(node, shape, { $0.addingClamped($1) }, { $0 + $1 })
    case "Sub": paired(node, shape, { $0.subtractingClamped($1) }, { $0 - $1 })
    case "Mul": paired(node, shape, { $0.productClamped($1) }, { $0 * $1 })
    case "Div": paired(node, shape, { $1 == 0 || $1 == -1 ? nil : $0 / $1 }, { $0 / $1 })
    case "Mod":
      paired(
        node, shape, { $1 <= 0 ? nil : $0 % $1 < 0 ? $0 % $1 + $1 : $0 % $1 },
        { $0 - $1 * ($0 / $1).rounded(.down) })
    case "Max": paired(node, shape, { max($0, $1) }, { max($0, $1) })
    case "Min": paired(node, shape, { min($0, $1) }, { min($0, $1) })
    case "Equal": paired(node, shape, { $0 == $1 ? 1 : 0 }, { $0 == $1 ? 1 : 0 })
    case "Less": paired(node, shape, { $0 < $1 ? 1 : 0 }, { $0 < $1 ? 1 : 0 })
    case "Greater": paired(node, shape, { $0 > $1 ? 1 : 0 }, { $0 > $1 ? 1 : 0 })
    case "LessOrEqual": paired(node, shape, { $0 <= $1 ? 1 : 0 }, { $0 <= $1 ? 1 : 0 })
    case "GreaterOrEqual": paired(node, shape, { $0 >= $1 ? 1 : 0 }, { $0 >= $1 ? 1 : 0 })
    case "And": paired(node, shape, { $0 != 0 && $1 != 0 ? 1 : 0 }, { $0 * $1 })
    case "Or": paired(node, shape, { $0 != 0 || $1 != 0 ? 1 : 0 }, { $0 + $1 })
    default: nil
    }
  }
}
