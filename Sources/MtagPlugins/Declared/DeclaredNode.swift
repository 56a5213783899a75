/// A part of a YAML file with its place.
struct DeclaredNode: Sendable {
  /// Where it begins.
  let place: Place
  let content: Content

  enum Content: Sendable {
    /// A word or number as it stands there; quoted text is never a number.
    case text(String, isQuoted: Bool)
    case list([DeclaredNode])
    case mapping([Pair])
  }

  /// A key with its value.
  struct Pair: Sendable {
    let key: String
    let place: Place
    let value: DeclaredNode
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .text("", false): "nothing"
    case .text(let text, _): "'\(text.prefix(40))'"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }

  /// Its pairs.
  /// - Throws: `DeclarationFault` if it is no mapping.
  func mapping(_ what: String) throws -> [Pair] {
    guard case .mapping(let pairs) = content else {
      throw DeclarationFault(place, "\(what) must be a mapping of names to values, not \(kind)")
    }
    return pairs
  }

  /// Its elements.
  /// - Throws: `DeclarationFault` if it is no list.
  func list(_ what: String) throws -> [DeclaredNode] {
    guard case .list(let nodes) = content else {
      throw DeclarationFault(place, "\(what) must be a list, not \(kind)")
    }
    return nodes
  }

  /// Its text.
  /// - Throws: `DeclarationFault` if it is none, or empty.
  func text(_ what: String) throws -> String {
    guard case .text(let text, _) = content, !text.isEmpty else {
      throw DeclarationFault(place, "\(what) must be a text, not \(kind)")
    }
    return text
  }
}
