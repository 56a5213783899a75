import Foundation
import MtagCore
public import MtagTraining

/// Settings as typed: `widths=[16,32]`, `dropout=0.5`.
public enum Override {
  /// Reads `name=value` texts; a value that is not JSON is taken as text, `a.b=1` sets a field inside a field.
  /// - Throws: `MtagError` (usage) for a text without `=`.
  public static func parse(_ texts: [String]) throws -> [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
        throw MtagError(.usage, "setting '\(text)' must look like name=value, for instance widths=[16,32]")
      }
      let value = String(text[text.index(after: equals)...])
      let parsed = try? JSONDecoder().decode(JSONValue.self, from: Data(value.utf8))
      let names = text[..<equals].split(separator: ".").map(String.init)
      result = set(parsed ?? .string(value), at: names[...], in: result)
    }
    return result
  }

  private static func set(
    _ value: JSONValue, at names: ArraySlice<String>, in object: [String: JSONValue]
  ) -> [String: JSONValue] {
    var object = object
    guard let name = names.first else { return object }
    if names.count == 1 {
      object[name] = value
    } else {
      var inner: [String: JSONValue] = [:]
      if case .object(let existing) = object[name] { inner = existing }
      object[name] = .object(set(value, at: names.dropFirst(), in: inner))
    }
    return object
  }
}
