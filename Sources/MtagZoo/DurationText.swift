import MtagCore

/// A length of time as people type it: `20m`, `1h30m`, `90s`, `90`.
public enum DurationText {
  /// Seconds.
  /// - Throws: `MtagError` (usage) for anything else, or for nothing.
  public static func seconds(_ text: String) throws -> Double {
    let wrong = MtagError(.usage, "time '\(text)' must look like 20m, 1h30m or 90s")
    let units: [Character: Double] = ["h": 3600, "m": 60, "s": 1]
    var total = 0.0
    var digits = ""
    for character in text {
      if let unit = units[character] {
        guard let value = Double(digits) else { throw wrong }
        total += value * unit
        digits = ""
      } else if character.isASCII, character.isNumber || character == "." {
        digits.append(character)
      } else {
        throw wrong
      }
    }
    if !digits.isEmpty {
      guard let value = Double(digits) else { throw wrong }
      total += value
    }
    guard total > 0, total.isFinite else { throw wrong }
    return total
  }
}
