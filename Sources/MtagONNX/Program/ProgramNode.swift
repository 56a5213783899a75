/// One operator of an `ONNXProgram`.
package struct ProgramNode: Sendable, Hashable {
  /// The operator, such as `Conv`.
  package var type: String
  /// A unique name.
  package var name: String
  /// Names of the values it reads; an empty name is an optional input that is left out.
  package var inputs: [String]
  /// Names of the values it gives; an empty name is one that nobody wants.
  package var outputs: [String]
  /// Attributes, in the order in which they are written.
  package var attributes: [Attribute]

  /// Puts a node together.
  package init(
    _ type: String, name: String, inputs: [String], outputs: [String], attributes: [Attribute] = []
  ) {
    self.type = type
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.attributes = attributes
  }

  /// A named constant of an operator.
  package struct Attribute: Sendable, Hashable {
    /// Its name.
    package var name: String
    /// Its value.
    package var value: Value

    /// Puts an attribute together.
    package init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// An attribute's value.
  package enum Value: Sendable, Hashable {
    case integer(Int)
    case integers([Int])
    case float(Float)
    case floats([Float])
    case text(String)
    case texts([String])
  }

  /// The attribute of a name.
  package func attribute(_ name: String) -> Value? { attributes.first { $0.name == name }?.value }

  /// A whole number, if the attribute is there and is one.
  package func integer(_ name: String) -> Int? {
    if case .integer(let value)? = attribute(name) { value } else { nil }
  }

  /// Whole numbers, if the attribute is there and holds such.
  package func integers(_ name: String) -> [Int]? {
    if case .integers(let values)? = attribute(name) { values } else { nil }
  }

  /// A number, if the attribute is there and is one.
  package func float(_ name: String) -> Float? {
    if case .float(let value)? = attribute(name) { value } else { nil }
  }

  /// A text, if the attribute is there and is one.
  package func text(_ name: String) -> String? {
    if case .text(let value)? = attribute(name) { value } else { nil }
  }
}
