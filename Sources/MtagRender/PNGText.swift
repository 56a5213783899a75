internal import MtagCore

/// One line of metadata in a PNG: a key and a value.
struct PNGText {
  /// 1 to 79 Latin-1 characters.
  let key: String
  /// Any text without a zero character.
  let value: String

  /// Whether the value can stand in a tEXt chunk; else it goes into iTXt as UTF-8.
  var isLatin1: Bool { value.unicodeScalars.allSatisfy(Self.isPrintableLatin1OrLineFeed) }

  /// Checks key and value against the PNG specification (third edition, 11.3.3).
  /// - Throws: `MtagError` (usage) naming the key.
  init(key: String, value: String) throws {
    let scalars = Array(key.unicodeScalars)
    guard (1...79).contains(scalars.count), scalars.allSatisfy(Self.isPrintableLatin1) else {
      throw MtagError(.usage, "PNG metadata key '\(key)' must have 1 to 79 printable Latin-1 characters")
    }
    guard scalars.first != " ", scalars.last != " ", !key.contains("  ") else {
      throw MtagError(
        .usage, "PNG metadata key '\(key)' must not start or end with a space or hold two in a row")
    }
    guard !value.unicodeScalars.contains("\0") else {
      throw MtagError(.usage, "PNG metadata '\(key)' holds a zero character; remove it")
    }
    self.key = key
    self.value = value
  }

  private static func isPrintableLatin1(_ scalar: Unicode.Scalar) -> Bool {
    (32...126).contains(scalar.value) || (161...255).contains(scalar.value)
  }

  private static func isPrintableLatin1OrLineFeed(_ scalar: Unicode.Scalar) -> Bool {
    isPrintableLatin1(scalar) || scalar == "\n" || scalar.value == 160
  }
}
