/// A stored tensor of an `ONNXProgram`, row-major; an empty shape is one value.
package struct ProgramTensor: Sendable {
  /// Its name.
  package var name: String
  /// Its dimensions.
  package var shape: [Int]
  /// Its values.
  package var values: Values

  /// Puts a tensor together.
  package init(_ name: String, shape: [Int], _ values: Values) {
    precondition(
      values.count == shape.reduce(1, *), "\(name): \(values.count) values do not fill \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }

  /// Values of one type.
  package enum Values: Sendable {
    case single(ArraySlice<Float>)
    /// Bit patterns of 16-bit floats.
    case half([UInt16])
    case double([Double])
    case integers([Int])

    package var count: Int {
      switch self {
      case .single(let values): values.count
      case .half(let values): values.count
      case .double(let values): values.count
      case .integers(let values): values.count
      }
    }
  }

  /// Bytes in a file.
  var byteCount: Int {
    switch values {
    case .single(let values): values.count * 4
    case .half(let values): values.count * 2
    case .double(let values): values.count * 8
    case .integers(let values): values.count * 8
    }
  }
}
