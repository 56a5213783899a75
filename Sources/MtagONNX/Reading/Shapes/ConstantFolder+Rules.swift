/// What each folded operator computes.
extension ConstantFolder {
  // MARK: - Sources

  static func constant(_ node: NodeReader) throws -> KnownValue? {
    let attributes = node.node.attributes
    if let attribute = attributes["value"] {
      guard case .tensor(let tensor) = attribute else { throw Fault("attribute 'value' is no tensor") }
      return KnownValue(type: tensor.type, shape: tensor.shape, tensor: tensor)
    }
    if let value = try node.integer("value_int") {
      return .constant(ONNXConstant([], integers: [value]), .int64)
    }
    if let value = try node.float("value_float") {
      return .constant(ONNXConstant([], floats: [value]), .float)
    }
    if let values = try node.integers("value_ints") {
      return .constant(ONNXConstant([values.count], integers: values), .int64)
    }
    if case .floats(let values)? = attributes["value_floats"] {
      return .constant(ONNXConstant([values.count], floats: values), .float)
    }
    return nil
  }

  static func filled(_ node: NodeReader, limit: Int) throws -> KnownValue? {
    guard let shape = try node.integers(0) else { return nil }
    guard shape.count <= ONNXLimits.axes, shape.allSatisfy({ (0...ONNXLimits.values).contains($0) }) else {
      throw Fault("\(shape) is no shape")
    }
    let count = shape.reduce(1) { $0.multipliedClamped(by: $1) }
    guard count <= limit else { return nil }
    guard case .tensor(let tensor)? = node.node.attributes["value"] else {
      return .constant(ONNXConstant(shape, floats: [Float](repeating: 0, count: count)), .float)
    }
    guard tensor.count == 1, let type = tensor.type else {
      throw Fault("its value must be a tensor of one element")
    }
    switch try node.file.constant(tensor).elements {
    case .floats(let values):
      return .constant(ONNXConstant(shape, floats: [Float](repeating: values[0], count: count)), type)
    case .integers(let values):
      return .constant(ONNXConstant(shape, integers: [Int](repeating: values[0], count: count)), type)
    }
  }

  // MARK: - Moves

  static func moved(_ node: NodeReader, _ shape: [Int]) -> ONNXConstant? {
    guard var constant = node.input(0)?.constant else { return nil }
    constant.shape = shape
    return constant
  }

  static func cast(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    guard let constant = node.input(0)?.constant, let to = try node.integer("to"),
      let type = ONNXElementType(rawValue: to)
    else { return nil }
    if type.isFloat { return ONNXConstant(shape, floats: constant.floats) }
    guard type.isInteger else { return nil }
    switch constant.elements {
    case .integers(let values):
      return ONNXConstant(shape, integers: type == .bool ? values.map { $0 == 0 ? 0 : 1 } : values)
    case .floats(let values):
      // Beyond the range the result is not defined; sizes are never there.
      guard values.allSatisfy({ abs($0) < 0x1p62 }) else {
        throw Fault("a value is too large for a whole number")
      }
      return ONNXConstant(
        shape, integers: type == .bool ? values.map { $0 == 0 ? 0 : 1 } : values.map { Int($0) })
    }
  }

  static func transposed(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    guard let constant = node.input(0)?.constant else { return nil }
    let order = try ShapeRules.permutation(node, count: shape.count)
    return transposed(constant, order)
  }

  /// The constant with its axes in another order.
  static func transposed(_ constant: ONNXConstant, _ order: [Int]) -> ONNXConstant {
    let strides = ONNXConstant.strides(constant.shape)
    let shape = order.map { constant.shape[$0] }
    return constant.picking(indices(shape, order.map { strides[$0] }), shape: shape)
  }

  static func concatenated(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    let parts = node.inputs.compactMap { $0?.constant }
    guard parts.count == node.inputs.count else { return nil }
    let axis = try node.axis(try node.integer("axis") ?? 0, of: shape.count)
    let outer = shape.prefix(axis).reduce(1, *)
    let isInteger = parts.allSatisfy { $0.integers != nil }
    var (integers, floats): ([Int], [Float]) = ([], [])
    for row in 0..<outer {
      for part in parts {
        let length = part.shape.suffix(from: axis).reduce(1, *)
        let range = row * length..<(row + 1) * length
        if isInteger, let values = part.integers {
          integers += values[range]
        } else {
          floats += part.floats[range]
        }
      }
    }
    return isInteger ? ONNXConstant(shape, integers: integers) : ONNXConstant(shape, floats: floats)
  }

  static func gathered(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    guard let constant = node.input(0)?.constant, let picks = try node.integers(1) else { return nil }
    let axis = try node.axis(try node.integer("axis") ?? 0, of: constant.shape.count)
    let size = constant.shape[axis]
    guard picks.allSatisfy({ $0 >= -size && $0 < size }) else { throw Fault("an index is outside the axis") }
    let (outer, inner) = (
      constant.shape.prefix(axis).reduce(1, *), constant.shape.dropFirst(axis + 1).reduce(1, *)
    )
    var indices: [Int] = []
    for row in 0..<outer {
      for pick in picks {
        let start = (row * size + (pick < 0 ? pick + size : pick)) * inner
        indices += start..<start + inner
      }
    }
    return constant.picking(indices, shape: shape)
  }

  static func sliced(_ node: NodeReader, _ shape: [Int]) throws -> ONNXConstant? {
    guard let constant = node.input(0)?.constant,
      let sections = try ShapeRules.sections(node, constant.shape.map(Optional.some))
    else { return nil }
    var strides = ONNXConstant.strides(constant.shape)
    var start = 0
    for (axis, section) in sections {
      guard let section else { return nil }
      start += section.start * strides[axis]
      strides[axis] *= section.step
    }
    return constant.picking(indices(shape, strides).map { $0 + start }, shape: shape)
  }

  static func chosen(_ node: NodeReader, _ shape: [Int]) -> ONNXConstant? {
    guard let condition = node.input(0)?.constant, let yes = node.input(1)?.constant,
      let no = node.input(2)?.constant
    else { return nil }
    let (choices, first, second) = (
      spread(condition, to: shape), spread(yes, to: shape), spread(no, to: shape)
    )
    let picks = choices.floats.map { $0 != 0 }
    if let a = first.integers, let b = second.integers {
      return ONNXConstant(shape, integers: picks.indices.map { picks[$0] ? a[$0] : b[$0] })
    }
    let (a, b) = (first.floats, second.floats)
    return ONNXConstant(shape, floats: picks.indices.map { picks[$0] ? a[$0] : b[$0] })
  }

  // MARK: - Arithmetic

  static func mapped(
    _ node: NodeReader, _ shape: [Int], _ integer: ((Int) -> Int)?, _ float: ((Float) -> Float)?
  ) -> ONNXConstant? {
    switch node.input(0)?.constant?.elements {
    case .integers(let values): integer.map { ONNXConstant(shape, integers: values.map($0)) }
    case .floats(let values): float.map { ONNXConstant(shape, floats: values.map($0)) }
    case nil: nil
    }
  }

  static func paired(
    _ node: NodeReader, _ shape: [Int], _ integer: (Int, Int) -> Int?, _ float: (Float, Float) -> Float
  ) -> ONNXConstant? {
    guard node.inputs.count == 2, let left = node.input(0)?.constant, let right = node.input(1)?.constant
    else {
      return nil
    }
    let (first, second) = (spread(left, to: shape), spread(right, to: shape))
    if let a = first.integers, let b = second.integers {
      let values = zip(a, b).compactMap { integer($0, $1) }
      return values.count == a.count ? ONNXConstant(shape, integers: values) : nil
    }
    return ONNXConstant(shape, floats: zip(first.floats, second.floats).map { float($0, $1) })
  }

  static func reduced(
    _ node: NodeReader, _ shape: [Int], _ integer: (Int, Int) -> Int, _ float: (Float, Float) -> Float
  ) throws -> ONNXConstant? {
    guard let constant = node.input(0)?.constant, shape.allSatisfy({ $0 == 1 }), constant.count > 0 else {
      return nil
    }
    switch constant.elements {
    case .integers(let values):
      return ONNXConstant(shape, integers: [values.dropFirst().reduce(values[0], integer)])
    case .floats(let values):
      return ONNXConstant(shape, floats: [values.dropFirst().reduce(values[0], float)])
    }
  }

  /// The constant with axes of length 1 repeated; the shapes fit each other.
  static func spread(_ constant: ONNXConstant, to shape: [Int]) -> ONNXConstant {
    if constant.shape == shape { return constant }
    let missing = shape.count - constant.shape.count
    let own = ONNXConstant.strides(constant.shape)
    let strides = shape.indices.map { axis in
      axis < missing || constant.shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
    return constant.picking(indices(shape, strides), shape: shape)
  }

  /// The places of a shape's values in memory with certain strides, row-major.
  private static func indices(_ shape: [Int], _ strides: [Int]) -> [Int] {
    var result = [0]
    for (size, stride) in zip(shape, strides) {
      result = result.flatMap { start in (0..<size).map { start + $0 * stride } }
    }
    return result
  }
}

extension Int {
  /// A difference that stops at the ends.
  func subtractingClamped(_ other: Int) -> Int {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (other > 0 ? .min : .max) : difference
  }

  /// A product that stops at the ends.
  func productClamped(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
  }
}
