/// Shapes and types of what operators give, from those of what they read; nil where they are not known.
/// - Source: the ONNX operator reference, https://onnx.ai/onnx/operators.
enum ShapeRules {
  typealias Shape = [Int?]
  typealias Fault = NodeReader.Fault

  /// What a node of our operator set gives.
  /// - Throws: `Fault` if its inputs cannot be.
  static func outputs(_ node: NodeReader) throws -> [KnownValue] {
    let type = node.input(0)?.type
    switch node.node.type {
    case "Conv": return [.computed(type, try convolution(node))]
    case "MaxPool", "AveragePool": return [.computed(type, try pool(node)), .computed(.int64, nil)]
    case "GlobalAveragePool", "GlobalMaxPool": return [.computed(type, try globalPool(node))]
    case "BatchNormalization": return [.computed(type, try batchNormalization(node))]
    case "LayerNormalization": return [.computed(type, try layerNormalization(node))]
    case "Softmax", "LogSoftmax":
      if let shape = node.shape(0) { _ = try node.axis(try node.integer("axis") ?? -1, of: shape.count) }
      return [.computed(type, node.shape(0))]
    case "GRU", "LSTM": return try recurrent(node)
    case "Gemm": return [.computed(type, try matrixProductWithBias(node))]
    case "MatMul": return [.computed(type, try matrixProduct(node))]
    case "Concat": return [.computed(type, try concatenation(node))]
    case "Split": return try split(node)
    case "Slice": return [.computed(type, try slice(node))]
    case "Gather": return [.computed(type, try gather(node))]
    case "Reshape": return [.computed(type, try reshape(node))]
    case "Flatten": return [.computed(type, try flatten(node))]
    case "Squeeze": return [.computed(type, try squeeze(node))]
    case "Unsqueeze": return [.computed(type, try unsqueeze(node))]
    case "Transpose": return [.computed(type, try transpose(node))]
    case "Pad": return [.computed(type, try pad(node))]
    case "Expand": return [.computed(type, try expand(node))]
    case "Tile": return [.computed(type, node.shape(0).map { $0.map { _ in nil } })]
    case "Shape": return [.computed(.int64, try node.shape(0).map { [try shapeRange(node, $0).count] })]
    case "Size": return [.computed(.int64, [])]
    case "Range": return [.computed(type, [nil])]
    case "Constant": throw Fault("its value is of a kind that is not read (text or sparse)")
    case "ConstantOfShape":
      return [.computed(try fillType(node), try node.integers(0).map { $0.map(Optional.some) })]
    case "Cast":
      guard let to = try node.integer("to"), let target = ONNXElementType(rawValue: to) else {
        throw Fault("it converts to a type that the format does not define")
      }
      return [.computed(target, node.shape(0))]
    case "CastLike": return [.computed(node.input(1)?.type, node.shape(0))]
    case "Dropout": return [.computed(type, node.shape(0)), .computed(.bool, node.shape(0))]
    case "Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual", "And", "Or":
      return [.computed(.bool, try broadcast(node, 0..<2))]
    case "Where": return [.computed(node.input(1)?.type, try broadcast(node, 0..<3))]
    case "Add", "Sub", "Mul", "Div", "Pow", "Mod", "Max", "Min", "Sum", "Mean", "PRelu":
      return [.computed(type, try broadcast(node, 0..<node.inputs.count))]
    case "STFT": return [.computed(type, [node.shape(0)?.first ?? nil, nil, nil, 2])]
    case let name where name.hasPrefix("Reduce"): return [.computed(type, try reduction(node))]
    default: return [.computed(type, node.shape(0))]
    }
  }

  // MARK: - Pointwise

  /// NumPy's rule: sizes are aligned at the end; each pair is equal or one of them is 1.
  static func broadcast(_ node: NodeReader, _ range: Range<Int>) throws -> Shape? {
    var result: Shape? = []
    for index in range {
      guard let shape = node.shape(index), let known = result else {
        result = nil
        continue
      }
      result = try broadcast(known, shape)
    }
    return result
  }

  static func broadcast(_ left: Shape, _ right: Shape) throws -> Shape {
    let count = max(left.count, right.count)
    return try (0..<count).map { axis in
      let (a, b) = (axis - (count - left.count), axis - (count - right.count))
      let (x, y): (Int?, Int?) = (a < 0 ? 1 : left[a], b < 0 ? 1 : right[b])
      if x == 1 { return y }
      if y == 1 { return x }
      guard let x, let y else { return x ?? y }
      guard x == y else { throw Fault("shapes \(text(left)) and \(text(right)) do not fit each other") }
      return x
    }
  }

  // MARK: - Reductions

  static func reduction(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    let inputSince = node.node.type == "ReduceSum" ? 13 : 18
    guard let argument = try node.axesArgument(inputSince: inputSince) else { return nil }
    let keeps = try node.integer("keepdims") ?? 1 != 0
    var axes = try node.axes(argument ?? [], of: shape.count)
    if axes.isEmpty {
      if try node.integer("noop_with_empty_axes") ?? 0 != 0 { return shape }
      axes = Array(shape.indices)
    }
    if keeps { return shape.indices.map { axes.contains($0) ? 1 : shape[$0] } }
    return shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
  }

  static func layerNormalization(_ node: NodeReader) throws -> Shape? {
    guard let shape = node.shape(0) else { return nil }
    let axis = try node.axis(try node.integer("axis") ?? -1, of: shape.count)
    if let scale = node.shape(1) {
      _ = try broadcast(Array(shape[axis...]), scale)
    }
    return shape
  }

  /// `3×?×64`
  static func text(_ shape: Shape) -> String {
    "[" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
  }
}
