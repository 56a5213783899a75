/// A tensor whose values are known while a file is read: a stored one, or what constant nodes compute.
struct ONNXConstant {
  /// Its sizes; empty for one value.
  var shape: [Int]
  /// Its values, row-major.
  var elements: Elements

  /// Floating-point values, or whole numbers and truth values (0 and 1).
  enum Elements {
    case floats([Float])
    case integers([Int])
  }

  init(_ shape: [Int], floats: [Float]) {
    self.shape = shape
    elements = .floats(floats)
  }

  init(_ shape: [Int], integers: [Int]) {
    self.shape = shape
    elements = .integers(integers)
  }

  /// How many values there are.
  var count: Int {
    switch elements {
    case .floats(let values): values.count
    case .integers(let values): values.count
    }
  }

  /// The whole numbers; nil if they are floats.
  var integers: [Int]? { if case .integers(let values) = elements { values } else { nil } }

  /// The values as floats, whatever they are.
  var floats: [Float] {
    switch elements {
    case .floats(let values): values
    case .integers(let values): values.map(Float.init)
    }
  }

  /// The one value of a tensor of one element.
  var scalar: Float? { count == 1 ? floats.first : nil }

  /// The values at `indices`, in another shape.
  func picking(_ indices: [Int], shape: [Int]) -> ONNXConstant {
    switch elements {
    case .floats(let values): ONNXConstant(shape, floats: indices.map { values[$0] })
    case .integers(let values): ONNXConstant(shape, integers: indices.map { values[$0] })
    }
  }

  /// Row-major distances between neighbours along each axis.
  static func strides(_ shape: [Int]) -> [Int] {
    var result = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { result[axis] = result[axis + 1] * shape[axis + 1] }
    return result
  }
}

extension ONNXFile {
  /// The values of a stored tensor, whatever they are.
  /// - Throws: `MtagError` (badData) as `floats`.
  func constant(_ tensor: Tensor) throws -> ONNXConstant {
    if tensor.type?.isInteger == true { return ONNXConstant(tensor.shape, integers: try integers(tensor)) }
    return ONNXConstant(tensor.shape, floats: try floats(tensor))
  }
}
