import MtagCore
import MtagGraph

/// Reads the attributes of one layer, with `$names` replaced by what they stand for.
struct AttributeReader {
  let layer: DeclaredLayer
  let names: [String: DeclaredValue]
  /// Bands of the value that the layer reads: what `all` means in a kernel.
  let bands: Int

  /// The value of a node.
  static func evaluate(_ node: DeclaredNode, names: [String: DeclaredValue]) throws -> DeclaredValue {
    switch node.content {
    case .text(let text, _) where text.contains("$"):
      return try Expression.value(text, at: node.place, names: names)
    case .text(let text, let isQuoted):
      guard isQuoted || !text.isEmpty else { throw DeclarationFault(node.place, "a value is missing here") }
      return DeclaredValue(text: text, isQuoted: isQuoted)
    case .list(let nodes):
      guard nodes.count <= DeclarationLimits.elements else {
        throw DeclarationFault(
          node.place, "a list of \(nodes.count) values; at most \(DeclarationLimits.elements)")
      }
      return .list(try nodes.map { try evaluate($0, names: names) })
    case .mapping: throw DeclarationFault(node.place, "a value cannot be a mapping")
    }
  }

  private func value(_ name: String) throws -> (value: DeclaredValue, place: Place)? {
    guard let node = layer.attributes[name] else { return nil }
    return (try Self.evaluate(node, names: names), node.place)
  }

  private func fault(_ name: String, _ found: (value: DeclaredValue, place: Place), _ wanted: String)
    -> DeclarationFault
  {
    DeclarationFault(found.place, "\(layer.kind): \(name) must be \(wanted), not \(found.value.words)")
  }

  /// Where an attribute stands; where its layer stands if it is left out.
  func place(_ name: String) -> Place { layer.attributes[name]?.place ?? layer.place }

  /// A whole number.
  func integer(_ name: String, default standard: Int, in range: ClosedRange<Int>) throws -> Int {
    guard let found = try value(name) else { return standard }
    guard case .integer(let number) = found.value, range.contains(number) else {
      throw fault(name, found, "a whole number in \(range.lowerBound) … \(range.upperBound)")
    }
    return number
  }

  /// Any number.
  func number(_ name: String, default standard: Float) throws -> Float {
    guard let found = try value(name) else { return standard }
    guard let number = found.value.double, Float(number).isFinite else {
      throw fault(name, found, "a number")
    }
    return Float(number)
  }

  /// true or false
  func flag(_ name: String, default standard: Bool) throws -> Bool {
    guard let found = try value(name) else { return standard }
    guard case .bool(let flag) = found.value else { throw fault(name, found, "true or false") }
    return flag
  }

  /// A word of a few.
  func word<Value>(_ name: String, default standard: Value, among words: [String: Value]) throws -> Value {
    guard let found = try value(name) else { return standard }
    guard case .text(let word) = found.value else {
      throw fault(name, found, words.keys.sorted().joined(separator: ", "))
    }
    guard let result = words[word] else {
      let near = suggestion(for: String(word.prefix(40)), among: words.keys.sorted())
      throw DeclarationFault(found.place, "\(layer.kind): \(name) cannot be '\(word.prefix(40))'; \(near)")
    }
    return result
  }

  /// A size: a number for both axes, or `[bands, frames]`, where `all` stands for all bands.
  func extent(_ name: String, default standard: Operation.Extent, from low: Int) throws -> Operation.Extent {
    guard let found = try value(name) else { return standard }
    let wanted = "a whole number from \(low) on, or [bands, frames]"
    func size(_ value: DeclaredValue, isBands: Bool) throws -> Int {
      if isBands, value == .text("all") { return max(1, bands) }
      guard case .integer(let number) = value, (low...GraphLimits.extent).contains(number) else {
        throw fault(name, found, wanted)
      }
      return number
    }
    if case .list(let values) = found.value {
      guard values.count == 2 else { throw fault(name, found, wanted) }
      return .init(try size(values[0], isBands: true), try size(values[1], isBands: false))
    }
    let both = try size(found.value, isBands: false)
    return .init(both, both)
  }

  /// Zeros around: `same` keeps the size at stride 1, else as `extent`.
  /// - Returns: those on each side, and those that come after the last only.
  func padding(_ reach: Operation.Extent) throws -> (Operation.Extent, extra: Operation.Extent) {
    if let found = try value("padding"), found.value != .text("same") {
      let none = Operation.Extent(0, 0)
      if found.value == .text("none") { return (none, none) }
      guard case .text = found.value else { return (try extent("padding", default: none, from: 0), none) }
      throw fault("padding", found, "same, none, a whole number or [bands, frames]")
    }
    return (
      .init((reach.bands - 1) / 2, (reach.frames - 1) / 2),
      .init((reach.bands - 1) % 2, (reach.frames - 1) % 2)
    )
  }

  /// Names of values: one, or a list.
  func references(_ name: String) throws -> [(name: String, place: Place)] {
    guard let node = layer.attributes[name] else { return [] }
    return try Self.references(node, "\(layer.kind): \(name)")
  }

  /// Names of values: one, or a list.
  static func references(_ node: DeclaredNode, _ what: String) throws -> [(name: String, place: Place)] {
    if case .list(let nodes) = node.content {
      guard nodes.count <= GraphLimits.inputs else {
        throw DeclarationFault(node.place, "\(what): too many values")
      }
      return try nodes.map { (try $0.text(what), $0.place) }
    }
    return [(try node.text(what), node.place)]
  }
}
