import MtagCore

/// A value of a declared model: of a setting, or of a layer's attribute.
public enum DeclaredValue: Hashable, Sendable {
  /// true or false
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A word.
  case text(String)
  /// Values in order.
  case list([DeclaredValue])

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .bool: "true or false"
    case .integer: "a whole number"
    case .number: "a number"
    case .text: "a word"
    case .list: "a list"
    }
  }

  /// How it is written: `[1, 2]`.
  var words: String {
    switch self {
    case .bool(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): String(value)
    case .text(let value): value
    case .list(let values):
      "[\(values.prefix(8).map(\.words).joined(separator: ", "))\(values.count > 8 ? ", …" : "")]"
    }
  }

  /// The value of a plain or quoted text that holds no expression.
  init(text: String, isQuoted: Bool) {
    if isQuoted {
      self = .text(text)
    } else if text == "true" || text == "false" {
      self = .bool(text == "true")
    } else if let value = Int(text) {
      self = .integer(value)
    } else if let value = Double(text), text.first.map({ $0.isNumber || "+-.".contains($0) }) == true {
      self = .number(value)
    } else {
      self = .text(text)
    }
  }

  /// Whether a user may set `other` where this is the default.
  func accepts(_ other: DeclaredValue) -> Bool {
    switch (self, other) {
    case (.bool, .bool), (.integer, .integer), (.text, .text): true
    case (.number, .integer), (.number, .number): true
    case (.list(let mine), .list(let others)):
      others.allSatisfy { other in mine.isEmpty || mine.contains { $0.accepts(other) } }
    default: false
    }
  }
}
