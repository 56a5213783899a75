import Foundation
import MtagCore
import MtagTraining

/// How features are named: a preset, and the fields in which it was changed: `panns(bands=128,hopLength=160)`.
struct FeatureName {
  /// The preset, or an alias of one.
  let preset: String
  /// The changes, as `field=value`.
  let settings: [String]

  /// Reads a name. Commas inside brackets belong to a value.
  /// - Throws: `MtagError` (usage) if brackets do not match.
  init(_ text: String) throws {
    guard let open = text.firstIndex(of: "(") else {
      (preset, settings) = (text.trimmingCharacters(in: .whitespaces), [])
      return
    }
    guard text.last == ")", open > text.startIndex else {
      throw MtagError(
        .usage,
        "features '\(text)' must look like preset(field=value,field=value), for instance melspec(bands=96)")
    }
    preset = text[..<open].trimmingCharacters(in: .whitespaces)
    var parts: [String] = []
    var part = ""
    var depth = 0
    for character in text[text.index(after: open)...].dropLast() {
      if character == "[" { depth += 1 }
      if character == "]" { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append(part)
        part = ""
      } else {
        part.append(character)
      }
    }
    if !part.isEmpty || !parts.isEmpty { parts.append(part) }
    settings = parts
  }

  /// The name with more changes: what `--features` and `--set` say together.
  static func text(_ name: String, adding settings: [String]) throws -> String {
    let name = try FeatureName(name)
    let all = name.settings + settings
    return all.isEmpty ? name.preset : "\(name.preset)(\(all.joined(separator: ",")))"
  }
}
