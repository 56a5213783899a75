/// A node with what is known of its inputs: how rules get at attributes and shapes.
struct NodeReader {
  /// Why a node cannot be what it says.
  struct Fault: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  let node: ONNXFile.Node
  /// One for each input; nil for one left out.
  let inputs: [KnownValue?]
  /// Version of the standard operators.
  let operatorSet: Int
  /// Where stored values are.
  let file: ONNXFile

  /// An input; nil if it is left out.
  func input(_ index: Int) -> KnownValue? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// The sizes of an input as far as known.
  func shape(_ index: Int) -> [Int?]? { input(index)?.shape }

  /// The constant values of an input that says sizes or indices; nil if it is left out.
  /// - Throws: `Fault` if it is no list of whole numbers.
  func integers(_ index: Int) throws -> [Int]? {
    guard let constant = input(index)?.constant else { return nil }
    guard let integers = constant.integers else { throw Fault("input \(index) must be whole numbers") }
    return integers
  }

  // MARK: - Attributes

  func integer(_ name: String) throws -> Int? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .integer(let value) = attribute else { throw wrong(name, attribute, "int") }
    return value
  }

  func integers(_ name: String) throws -> [Int]? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .integers(let values) = attribute else { throw wrong(name, attribute, "ints") }
    return values
  }

  func float(_ name: String) throws -> Float? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .float(let value) = attribute else { throw wrong(name, attribute, "float") }
    return value
  }

  func text(_ name: String) throws -> String? {
    guard let attribute = node.attributes[name] else { return nil }
    guard case .text(let value) = attribute else { throw wrong(name, attribute, "string") }
    return value
  }

  private func wrong(_ name: String, _ attribute: ONNXFile.Attribute, _ kind: String) -> Fault {
    Fault("attribute '\(name)' is \(attribute.kind), not \(kind)")
  }

  // MARK: - Axes

  /// An axis counted from either end as one from the front.
  func axis(_ axis: Int, of count: Int) throws -> Int {
    let result = axis < 0 ? axis + count : axis
    guard axis >= -count, result < count else {
      throw Fault("axis \(axis) is not one of the \(count) there are")
    }
    return result
  }

  /// Distinct axes, ascending.
  func axes(_ axes: [Int], of count: Int) throws -> [Int] {
    let result = try axes.map { try axis($0, of: count) }
    guard Set(result).count == result.count else { throw Fault("axes \(axes) name one twice") }
    return result.sorted()
  }

  /// The axes of a reduction, squeeze or unsqueeze: an attribute in older operator sets, an input in newer ones.
  /// `.some(nil)` if they are left out, nil if they are not known.
  func axesArgument(inputSince: Int) throws -> [Int]?? {
    guard operatorSet >= inputSince else { return .some(try integers("axes")) }
    guard input(1) != nil else { return .some(nil) }
    guard let axes = try integers(1) else { return nil }
    return .some(axes)
  }
}
