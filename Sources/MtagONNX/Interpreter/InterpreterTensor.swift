import MtagCore

/// A value under way in the interpreter, row-major; an empty shape is one value.
package struct InterpreterTensor: Sendable {
  /// Its dimensions.
  package let shape: [Int]
  /// Its values.
  package let values: Values

  /// Values of one type.
  package enum Values: Sendable {
    case single([Float])
    case half([UInt16])
    case double([Double])
    case integers([Int])
    case flags([Bool])
  }

  /// The most values of one tensor: 1 GiB of floats.
  static let largestCount = 1 << 28

  /// Puts a tensor together; the values must fill the shape.
  package init(_ shape: [Int], _ values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values do not fill \(shape)")
    self.shape = shape
    self.values = .single(values)
  }

  /// The same for any type.
  init(shape: [Int], values: Values) {
    self.shape = shape
    self.values = values
  }

  init(_ tensor: ProgramTensor) {
    shape = tensor.shape
    values =
      switch tensor.values {
      case .single(let values): .single(Array(values))
      case .half(let values): .half(values)
      case .double(let values): .double(values)
      case .integers(let values): .integers(values)
      }
  }

  /// How many values there are.
  var count: Int { shape.reduce(1, *) }

  /// The same values in another shape of as many.
  func reshaped(_ shape: [Int]) -> InterpreterTensor { InterpreterTensor(shape: shape, values: values) }

  /// How many values a shape holds.
  /// - Throws: `MtagError` (badData) if a dimension is negative or there are more than the interpreter takes.
  static func count(of shape: [Int], node: ProgramNode) throws -> Int {
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow, product <= largestCount else {
        throw MtagError(
          .badData,
          "node '\(node.name)' (\(node.type)) gives a value of shape \(shape); that cannot be run here")
      }
      count = product
    }
    return count
  }
}
