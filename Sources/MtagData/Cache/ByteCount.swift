import Foundation

/// Numbers of bytes as people read and type them.
public enum ByteCount {
  private static let units: [(name: String, size: Double)] = [
    ("", 1), ("k", 1e3), ("m", 1e6), ("g", 1e9), ("t", 1e12), ("ki", 0x1p10), ("mi", 0x1p20), ("gi", 0x1p30),
    ("ti", 0x1p40),
  ]

  /// `20GB`, `500 MB`, `1.5GiB`, `2g`, `1000`: decimal units, or binary ones with an `i`; letters of any case.
  /// - Returns: nil for anything else, for a negative number, and for more than fits into an `Int`.
  public static func parse(_ text: String) -> Int? {
    let text = text.lowercased()
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    var unit = text.dropFirst(digits.count).drop { $0 == " " }
    if unit.last == "b" { unit.removeLast() }
    guard let value = Double(String(digits)), let size = units.first(where: { $0.name == unit })?.size else {
      return nil
    }
    return Int(exactly: (value * size).rounded())
  }

  /// `331 kB`, `1.23 GB`: three digits at least, decimal units.
  public static func text(_ bytes: Int) -> String {
    for (unit, size) in [("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)] where Double(bytes) >= size {
      let value = Double(bytes) / size
      return String(format: value < 9.995 ? "%.2f " : value < 99.95 ? "%.1f " : "%.0f ", value) + unit
    }
    return "\(bytes) bytes"
  }
}
