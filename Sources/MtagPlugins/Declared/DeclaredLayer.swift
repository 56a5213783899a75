import MtagCore

/// One element of a list of layers, taken apart and checked for what can be known without its values.
struct DeclaredLayer: Sendable {
  /// The operator's name: a key of `OperatorForm.all`.
  let kind: String
  /// Where that stands.
  let place: Place
  let form: OperatorForm
  /// What stands behind the colon; nil for nothing.
  let value: DeclaredNode?
  /// Attributes by name; empty for a group.
  let attributes: [String: DeclaredNode]
  /// The keys beside the operator's.
  let beside: [String: DeclaredNode]

  /// Takes an element apart.
  /// - Throws: `DeclarationFault` for an unknown layer or attribute, with near names, or one that is missing.
  init(_ node: DeclaredNode) throws {
    switch node.content {
    case .text(let name, _):
      (kind, place, value, beside) = (name, node.place, nil, [:])
      form = try Self.form(name, at: node.place)
    case .list:
      throw DeclarationFault(
        node.place, "a layer is a word or a mapping, not a list; write group: for a list of layers")
    case .mapping(let pairs):
      let (operation, others) = try Self.split(pairs, at: node.place)
      (kind, place) = (operation.key, operation.place)
      form = try Self.form(kind, at: place)
      if case .text("", false) = operation.value.content { value = nil } else { value = operation.value }
      beside = Dictionary(others.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
    attributes = form.isGroup ? [:] : try Self.attributes(value, form, kind: kind, at: place)
  }

  private static func form(_ name: String, at place: Place) throws -> OperatorForm {
    guard let form = OperatorForm.all[name] else {
      throw DeclarationFault(
        place,
        "'\(name.prefix(40))' is no layer; \(suggestion(for: String(name.prefix(40)), among: OperatorForm.names))"
      )
    }
    return form
  }

  /// The operator's pair and those beside it.
  private static func split(_ pairs: [DeclaredNode.Pair], at place: Place) throws -> (
    DeclaredNode.Pair, [DeclaredNode.Pair]
  ) {
    let operations = pairs.filter { OperatorForm.all[$0.key] != nil }
    guard let operation = operations.first, let form = OperatorForm.all[operation.key] else {
      // What stands first is most likely meant as the layer.
      guard let wrong = pairs.first(where: { !OperatorForm.common.contains($0.key) }) else {
        throw DeclarationFault(place, "a layer needs an operator, such as conv: {channels: 64, kernel: 3}")
      }
      _ = try Self.form(wrong.key, at: wrong.place)
      throw DeclarationFault(wrong.place, "'\(wrong.key)' is no layer")
    }
    if operations.count > 1 {
      throw DeclarationFault(
        operations[1].place,
        "'\(operation.key)' and '\(operations[1].key)' in one layer; begin each layer with a dash of its own")
    }
    let known = OperatorForm.common + form.beside
    let others = pairs.filter { $0.key != operation.key }
    for pair in others where !known.contains(pair.key) {
      if form.attributes.contains(pair.key) {
        throw DeclarationFault(
          pair.place,
          "'\(pair.key)' belongs inside '\(operation.key)': write \(operation.key): {\(pair.key): …} or indent it further"
        )
      }
      throw DeclarationFault(
        pair.place,
        "'\(operation.key)' has no key '\(pair.key.prefix(40))' beside it; "
          + suggestion(for: String(pair.key.prefix(40)), among: known))
    }
    return (operation, others)
  }

  private static func attributes(_ value: DeclaredNode?, _ form: OperatorForm, kind: String, at place: Place)
    throws
    -> [String: DeclaredNode]
  {
    let example = form.required.map { "\($0): …" }.joined(separator: ", ")
    guard let value else {
      guard form.required.isEmpty else {
        throw DeclarationFault(
          place, "'\(kind)' needs \(form.required.joined(separator: " and ")): \(kind): {\(example)}")
      }
      return [:]
    }
    guard case .mapping(let pairs) = value.content else {
      guard let main = form.main else {
        let remedy =
          form.attributes.isEmpty ? "write \(kind) alone" : "write \(kind): {\(form.attributes[0]): …}"
        throw DeclarationFault(value.place, "'\(kind)' takes no \(value.kind) behind the colon; \(remedy)")
      }
      return [main: value]
    }
    for pair in pairs where !form.attributes.contains(pair.key) {
      let name = String(pair.key.prefix(40))
      let known = form.attributes.isEmpty ? "it has none" : suggestion(for: name, among: form.attributes)
      throw DeclarationFault(pair.place, "'\(kind)' has no attribute '\(name)'; \(known)")
    }
    let result = Dictionary(pairs.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    if let missing = form.required.first(where: { result[$0] == nil }) {
      throw DeclarationFault(place, "'\(kind)' needs '\(missing)': \(kind): {\(example)}")
    }
    return result
  }

  /// Checks a list of layers and those inside them, also where settings leave some out.
  static func check(_ nodes: [DeclaredNode]) throws {
    for node in nodes {
      let layer = try DeclaredLayer(node)
      guard layer.form.isGroup else { continue }
      var lists = ["layers", "shortcut"].compactMap { layer.beside[$0] }
      if layer.kind == "branches", case .list(let branches) = layer.value?.content { lists += branches }
      if layer.kind == "group" || layer.kind == "residual", let body = layer.value { lists.append(body) }
      for case .list(let inner) in lists.map(\.content) { try check(inner) }
    }
  }
}
