import Yams

/// Reads YAML into nodes with places. Of YAML it takes what people write by hand: no anchors, aliases, tags or several documents.
enum DeclaredText {
  /// The root of a text.
  /// - Throws: `DeclarationFault` for what is no YAML or goes beyond `DeclarationLimits`.
  static func parse(_ text: String) throws -> DeclaredNode {
    guard text.utf8.count <= DeclarationLimits.bytes else {
      throw DeclarationFault(
        .start, "the file has \(text.utf8.count) bytes, and a model takes at most \(DeclarationLimits.bytes)")
    }
    // Before the parser sees it: an alias may stand for more than fits into memory.
    try refuseAliases(text)
    do {
      guard let root = try Parser(yaml: text, encoding: .utf8).singleRoot() else {
        throw DeclarationFault(.start, "the file is empty; a model has at least a name and layers")
      }
      return try node(root, depth: 0)
    } catch let error as YamlError {
      throw fault(error)
    }
  }

  private static func node(_ node: Node, depth: Int) throws -> DeclaredNode {
    let place = place(node.mark)
    guard depth <= DeclarationLimits.depth else {
      throw DeclarationFault(
        place, "more than \(DeclarationLimits.depth) lists and mappings inside each other")
    }
    switch node {
    case .scalar(let scalar):
      let isQuoted = scalar.style != .plain && scalar.style != .any
      let isNull = !isQuoted && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
      return DeclaredNode(place: place, content: .text(isNull ? "" : scalar.string, isQuoted: isQuoted))
    case .sequence(let sequence):
      return DeclaredNode(
        place: place, content: .list(try sequence.map { try self.node($0, depth: depth + 1) }))
    case .mapping(let mapping):
      let pairs = try mapping.map { key, value in
        guard case .scalar(let name) = key, !name.string.isEmpty else {
          throw DeclarationFault(self.place(key.mark), "a key must be a word")
        }
        return DeclaredNode.Pair(
          key: name.string, place: self.place(key.mark), value: try self.node(value, depth: depth + 1))
      }
      return DeclaredNode(place: place, content: .mapping(pairs))
    case .alias: throw DeclarationFault(place, Self.noAliases)
    }
  }

  private static func place(_ mark: Mark?) -> Place {
    mark.map { Place(line: $0.line, column: $0.column) } ?? .start
  }

  // MARK: - What YAML has and models do not

  private static let noAliases =
    "anchors (&name) and aliases (*name) are not known here; use settings and repeat, or quote differently"

  /// Looks for `&name` and `*name` where a value could begin: at the start of a line, or behind `- `, `: ` and the like. Text in
  /// quotes is looked at too, and comments that hold a quote, which might end a text that began before; so nothing that YAML
  /// takes for an alias passes.
  private static func refuseAliases(_ text: String) throws {
    var (line, column) = (1, 1)
    // The last character of the line that is no space; nil before the first.
    var last: Unicode.Scalar?
    var previous: Unicode.Scalar = "\n"
    var isComment = false
    let scalars = Array(text.unicodeScalars)
    for (index, scalar) in scalars.enumerated() {
      if ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar) {
        if !(scalar == "\n" && previous == "\r") { line += 1 }
        (column, isComment, last) = (1, false, nil)
      } else {
        if scalar == "#", !isComment, last == nil || previous == " " || previous == "\t" {
          let rest = scalars[index...].prefix { $0 != "\n" && $0 != "\r" }
          isComment = !rest.contains("\"") && !rest.contains("'")
        }
        if !isComment, scalar == "&" || scalar == "*", index + 1 < scalars.count {
          let startsValue = last.map { "-?:,[{".unicodeScalars.contains($0) } ?? true
          let next = scalars[index + 1]
          let isName =
            next.properties.isAlphabetic || next.properties.numericType != nil
            || "_-".unicodeScalars.contains(next)
          if startsValue, isName { throw DeclarationFault(Place(line: line, column: column), noAliases) }
        }
        if ![" ", "\t", "\u{FEFF}"].contains(scalar) { last = scalar }
        column += 1
      }
      previous = scalar
    }
  }

  private static func fault(_ error: YamlError) -> DeclarationFault {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      // The mistake that the format invites: a name below a layer that was written as a bare word.
      let hint =
        problem.hasPrefix("mapping values are not allowed")
        ? "; a layer with name:, from: or if: below it needs a colon itself, as in '- relu:'" : ""
      return DeclarationFault(place(mark), "not valid YAML: \(problem)\(hint)")
    case .duplicatedKeysInMapping(let names, let context):
      let name = names.first ?? ""
      return DeclarationFault(place(context.mark), "'\(name.prefix(40))' stands twice in one mapping")
    case .reader(let problem, _, _, _): return DeclarationFault(.start, "not valid YAML: \(problem)")
    default: return DeclarationFault(.start, "not valid YAML")
    }
  }
}
