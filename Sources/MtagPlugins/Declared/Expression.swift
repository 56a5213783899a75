import MtagCore

/// Computes what a value that holds a `$` means: `$width`, `$width * 4`, `($a + $b) / 2`.
///
/// Whole numbers stay whole; a quotient that is none becomes a fraction, which no layer takes for a size.
struct Expression {
  private let place: Place
  private let text: [Character]
  private let names: [String: DeclaredValue]
  private var position = 0
  private var depth = 0

  /// The value of `text`.
  /// - Parameter names: what `$name` stands for.
  /// - Throws: `DeclarationFault` for an unknown name, with near ones, and for what cannot be computed.
  static func value(_ text: String, at place: Place, names: [String: DeclaredValue]) throws -> DeclaredValue {
    guard text.utf8.count <= DeclarationLimits.textBytes else {
      throw DeclarationFault(place, "an expression of \(text.utf8.count) bytes; write it shorter")
    }
    var expression = Expression(place: place, text: Array(text), names: names)
    let value = try expression.sum()
    expression.skipSpace()
    guard expression.position == expression.text.count else {
      throw DeclarationFault(
        place,
        "'\(text)': '\(expression.text[expression.position])' is not expected; known: $name + - * / ( )")
    }
    return value
  }

  private init(place: Place, text: [Character], names: [String: DeclaredValue]) {
    self.place = place
    self.text = text
    self.names = names
  }

  private mutating func sum() throws -> DeclaredValue {
    var value = try product()
    while let sign = accept("+-") { value = try combine(value, sign, try product()) }
    return value
  }

  private mutating func product() throws -> DeclaredValue {
    var value = try factor()
    while let sign = accept("*/") { value = try combine(value, sign, try factor()) }
    return value
  }

  private mutating func factor() throws -> DeclaredValue {
    if accept("(") != nil {
      depth += 1
      guard depth <= DeclarationLimits.depth else { throw fault("has too many brackets") }
      let value = try sum()
      guard accept(")") != nil else { throw fault("lacks a ')'") }
      depth -= 1
      return value
    }
    if accept("$") != nil { return try name() }
    let start = position
    while position < text.count, text[position].isNumber || text[position] == "." { position += 1 }
    let value = DeclaredValue(text: String(text[start..<position]), isQuoted: false)
    guard position > start, value.double != nil else { throw fault("needs a number or a $name here") }
    return value
  }

  private mutating func name() throws -> DeclaredValue {
    let start = position
    while position < text.count, text[position].isLetter || text[position].isNumber || text[position] == "_" {
      position += 1
    }
    let name = String(text[start..<position])
    guard let value = names[name] else {
      throw DeclarationFault(
        place,
        "nothing is called '$\(name)'; \(suggestion(for: "$\(name)", among: names.keys.map { "$\($0)" }.sorted()))"
      )
    }
    return value
  }

  private func combine(_ a: DeclaredValue, _ sign: Character, _ b: DeclaredValue) throws -> DeclaredValue {
    guard let x = a.double, let y = b.double else {
      throw fault("computes with \((a.double == nil ? a : b).kind); only numbers can be computed with")
    }
    if case .integer(let m) = a, case .integer(let n) = b {
      let (result, overflow) =
        switch sign {
        case "+": m.addingReportingOverflow(n)
        case "-": m.subtractingReportingOverflow(n)
        case "*": m.multipliedReportingOverflow(by: n)
        default: n != 0 && m != .min && m.isMultiple(of: n) ? (m / n, false) : (0, true)
        }
      if !overflow { return .integer(result) }
    }
    let result =
      switch sign {
      case "+": x + y
      case "-": x - y
      case "*": x * y
      default: x / y
      }
    guard result.isFinite else { throw fault("is no finite number") }
    return .number(result)
  }

  private mutating func accept(_ characters: String) -> Character? {
    skipSpace()
    guard position < text.count, characters.contains(text[position]) else { return nil }
    defer { position += 1 }
    return text[position]
  }

  private mutating func skipSpace() {
    while position < text.count, text[position] == " " { position += 1 }
  }

  private func fault(_ message: String) -> DeclarationFault {
    DeclarationFault(place, "'\(String(text))' \(message)")
  }
}

extension DeclaredValue {
  /// The number; nil for anything else.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
