import MtagCore
import MtagGraph

/// Layers that hold layers.
extension LayerWriter {
  /// `repeat: 4`, or `repeat: {width: $widths, pool: $pools}`: the layers once for each element of the lists, with `$width` and
  /// `$pool` for the elements and `$index`, from 1 on.
  mutating func writeRepetitions(_ layer: DeclaredLayer, name: String, from start: Value) throws -> Value {
    guard let list = layer.beside["layers"] else {
      throw DeclarationFault(layer.place, "'repeat' needs layers: beside it")
    }
    let body = try list.list("layers")
    let outer = names
    defer { names = outer }
    let (count, elements) = try repetitions(layer)
    var value = start
    for index in 0..<count {
      names = outer
      names["index"] = .integer(index + 1)
      for (name, values) in elements { names[name] = values[index] }
      let number = nextNumber(name)
      value = try inside("\(name)\(number).") { try $0.write(body, from: value) }
      define("\(name)\(number)", value)
    }
    define(name, value)
    return value
  }

  private func repetitions(_ layer: DeclaredLayer) throws -> (count: Int, elements: [String: [DeclaredValue]])
  {
    let limit = DeclarationLimits.repetitions
    guard let node = layer.value else {
      throw DeclarationFault(
        layer.place, "'repeat' needs a number, or lists by name: repeat: {width: [16, 32]}")
    }
    guard case .mapping(let pairs) = node.content else {
      let value = try AttributeReader.evaluate(node, names: names)
      guard case .integer(let count) = value, (1...limit).contains(count) else {
        throw DeclarationFault(
          node.place, "repeat must be a whole number in 1 … \(limit) or lists by name, not \(value.words)")
      }
      return (count, [:])
    }
    var elements: [String: [DeclaredValue]] = [:]
    var first: (name: String, count: Int)?
    for pair in pairs {
      try DeclaredArchitecture.requirePlain(pair.key, at: pair.place)
      guard case .list(let values) = try AttributeReader.evaluate(pair.value, names: names) else {
        throw DeclarationFault(
          pair.value.place, "'\(pair.key)' must be a list with an element for each repetition")
      }
      guard (1...limit).contains(values.count) else {
        throw DeclarationFault(
          pair.value.place, "'\(pair.key)' has \(values.count) elements, not 1 … \(limit)")
      }
      if let first, first.count != values.count {
        throw DeclarationFault(
          pair.value.place,
          "'\(pair.key)' has \(values.count) and '\(first.name)' \(first.count) elements; make them equal")
      }
      first = first ?? (pair.key, values.count)
      elements[pair.key] = values
    }
    guard let first else { throw DeclarationFault(node.place, "repeat needs at least one list") }
    return (first.count, elements)
  }

  /// `residual: [layers]`, with `shortcut: [layers]` for what is added to their result; without one it is what they read.
  mutating func writeResidual(_ layer: DeclaredLayer, name: String, from start: Value) throws -> Value {
    let body = try layers(layer.value, of: layer)
    let result = try inside("\(name).") { try $0.write(body, from: start) }
    var shortcut = start
    if let node = layer.beside["shortcut"] {
      let layers = try node.list("shortcut")
      shortcut = try inside("\(name).shortcut.") { try $0.write(layers, from: start) }
    }
    guard result.shape == shortcut.shape else {
      let remedy =
        layer.beside["shortcut"] == nil ? "give it a shortcut: with a convolution" : "make them equal"
      throw DeclarationFault(
        layer.place,
        "\(scope)\(name): its layers give \(words(result, start)), its shortcut \(words(shortcut, start)); \(remedy)"
      )
    }
    guard result.name != shortcut.name else {
      throw DeclarationFault(layer.place, "'residual' without any layer")
    }
    return try append(name, .add, [result, shortcut], at: layer.place)
  }

  /// `branches: [[layers], [layers]]`, put together by `join` (concat, add or multiply) along `axis`.
  mutating func writeBranches(_ layer: DeclaredLayer, name: String, from start: Value) throws -> Value {
    let lists = try layers(layer.value, of: layer)
    guard lists.count >= 2 else {
      throw DeclarationFault(layer.place, "'branches' needs at least two lists of layers")
    }
    let results = try lists.enumerated().map { index, list in
      let layers = try list.list("a branch")
      return try inside("\(name).\(index + 1).") { try $0.write(layers, from: start) }
    }
    func word(_ key: String, default standard: String, among words: [String]) throws -> String {
      guard let node = layer.beside[key] else { return standard }
      let word = try node.text(key)
      guard words.contains(word) else {
        throw DeclarationFault(
          node.place, "\(key) cannot be '\(word.prefix(40))'; known: \(words.joined(separator: ", "))")
      }
      return word
    }
    let axis = try word("axis", default: "channels", among: Operation.Axis.allCases.map(\.rawValue))
    switch try word("join", default: "concat", among: ["concat", "add", "multiply"]) {
    case "add": return try append(name, .add, results, at: layer.place)
    case "multiply": return try append(name, .multiply, results, at: layer.place)
    default:
      return try append(
        name, .concatenate(axis: .init(rawValue: axis) ?? .channels), results, at: layer.place)
    }
  }

  /// A shape in words, frames as a share of those that come in.
  private func words(_ value: Value, _ start: Value) -> String {
    let frames =
      value.shape.frames == start.shape.frames
      ? "all frames"
      : value.shape.frames == 1 ? "1 frame" : "1 of \(max(1, start.shape.frames / value.shape.frames)) frames"
    return "\(value.shape.bands) bands, \(frames), \(value.shape.channels) channels"
  }
}
