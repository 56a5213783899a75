/// Reads the JSON of a .safetensors header: one object of objects, two levels deep, with strings, whole numbers and lists
/// of whole numbers. Stricter than a JSON library where that matters: a key that occurs twice is an error.
struct HeaderScanner {
  /// Why the text is no header.
  struct Fault: Error {
    let reason: String
  }

  private let text: [UInt8]
  private var position = 0

  /// Starts at the first byte of `text`, which must be valid UTF-8.
  init(_ text: [UInt8]) { self.text = text }

  /// `{ key: value, … }`; `body` reads each value.
  mutating func object(_ body: (inout HeaderScanner, String) throws -> Void) throws {
    try expect("{")
    var keys: Set<String> = []
    if accept("}") { return }
    repeat {
      let key = try string()
      guard keys.insert(key).inserted else {
        throw Fault(reason: "the name '\(key)' occurs twice in its header")
      }
      try expect(":")
      try body(&self, key)
    } while accept(",")
    try expect("}")
  }

  /// `[1, 2, …]`: whole numbers from 0 on.
  mutating func numbers() throws -> [Int] {
    try expect("[")
    var result: [Int] = []
    if accept("]") { return result }
    repeat { result.append(try number()) } while accept(",")
    try expect("]")
    return result
  }

  /// A quoted string.
  mutating func string() throws -> String {
    try expect("\"")
    var bytes: [UInt8] = []
    while true {
      let byte = try next()
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: try escape().utf8)
      case 0..<32: throw Fault(reason: "a string of its header holds a control character")
      default: bytes.append(byte)
      }
    }
  }

  /// Nothing but white space is left.
  mutating func end() throws {
    skipSpace()
    guard position == text.count else { throw Fault(reason: "its header goes on after its end") }
  }

  // MARK: - Helpers

  private mutating func number() throws -> Int {
    skipSpace()
    let start = position
    while position < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[position]) {
      position += 1
    }
    let digits = String(decoding: text[start..<position], as: UTF8.self)
    guard let value = Int(digits) else { throw Fault(reason: "'\(digits)' in its header is no size") }
    return value
  }

  private mutating func escape() throws -> String {
    let byte = try next()
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw Fault(reason: "its header holds an escape that JSON does not know")
    }
  }

  /// `\uXXXX`, two of them for a character beyond the basic plane.
  private mutating func unicodeEscape() throws -> String {
    var units = [try codeUnit()]
    if UTF16.isLeadSurrogate(units[0]), text[position...].starts(with: Array("\\u".utf8)) {
      position += 2
      units.append(try codeUnit())
    }
    guard let result = String(validating: units, as: UTF16.self) else {
      throw Fault(reason: "its header holds half a surrogate pair")
    }
    return result
  }

  private mutating func codeUnit() throws -> UInt16 {
    let digits = text[position...].prefix(4)
    let hexadecimal = digits.allSatisfy { UnicodeScalar($0).properties.isASCIIHexDigit }
    guard digits.count == 4, hexadecimal,
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw Fault(reason: "its header holds an incomplete \\u escape")
    }
    position += 4
    return unit
  }

  private mutating func next() throws -> UInt8 {
    guard position < text.count else { throw Fault(reason: "its header ends in the middle") }
    defer { position += 1 }
    return text[position]
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard accept(character) else {
      throw Fault(reason: "its header lacks a '\(character)' at byte \(position)")
    }
  }

  private mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[position]) { position += 1 }
  }
}
