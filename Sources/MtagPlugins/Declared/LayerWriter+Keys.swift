import MtagCore
import MtagGraph

/// What the keys beside a layer mean.
extension LayerWriter {
  /// Whether a layer with this condition is there.
  func isTrue(_ node: DeclaredNode) throws -> Bool {
    switch try AttributeReader.evaluate(node, names: names) {
    case .bool(let value): return value
    case .integer(let value): return value != 0
    case let value:
      throw DeclarationFault(node.place, "if must be true, false or a whole number, not \(value.words)")
    }
  }

  /// A name that a layer may have.
  static func plain(_ node: DeclaredNode) throws -> String {
    let name = try node.text("name")
    let allowed = name.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_-.".unicodeScalars.contains($0))
    }
    guard allowed, name.utf8.count <= DeclarationLimits.nameBytes, name != Graph.inputName, name != "previous"
    else {
      throw DeclarationFault(
        node.place,
        "'\(name.prefix(40))' cannot be a layer's name: letters, digits, '_', '-' and '.', at most "
          + "\(DeclarationLimits.nameBytes), and not input or previous")
    }
    return name
  }
}
