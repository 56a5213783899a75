import MtagCore

/// A length of time as people type it: `20m`, `1h30m`, `90s`, `90`; an age also `30d`.
public enum DurationText {
  /// Seconds.
  /// - Throws: `MtagError` (usage) for anything else, or for nothing.
  public static func seconds(_ text: String) throws -> Double {
    try seconds(text, units: units, error: "time '\(text)' must look like 20m, 1h30m or 90s")
  }

  /// Seconds of an age, which may have days.
  /// - Throws: `MtagError` (usage) for anything else, or for nothing.
  public static func ageSeconds(_ text: String) throws -> Double {
    try seconds(
      text, units: units.merging(["d": 86_400]) { $1 },
      error: "age '\(text)' must look like 30d, 1d12h or 20m")
  }

  private static let units: [Character: Double] = ["h": 3600, "m": 60, "s": 1]

  private static func seconds(_ text: String, units: [Character: Double], error: String) throws -> Double {
    let wrong = MtagError(.usage, error)
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
