import Foundation
import MtagCore
import MtagTraining

/// Changes to a configuration whose fields have defaults.
enum Settings {
  /// The defaults with some fields changed; an object changes only the fields it names.
  /// - Parameter owner: whose settings they are, for errors.
  /// - Throws: `MtagError` (usage) for a field that is not there.
  static func merge(
    _ overrides: [String: JSONValue], into defaults: [String: JSONValue], owner: String, path: String = ""
  ) throws -> [String: JSONValue] {
    var merged = defaults
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let old = defaults[name] else {
        let known = suggestion(for: name, among: defaults.keys.sorted())
        throw MtagError(.usage, "\(owner) has no setting '\(path)\(name)'; \(known)")
      }
      if case .object(let inner) = old, case .object(let changes) = value {
        merged[name] = .object(try merge(changes, into: inner, owner: owner, path: "\(path)\(name)."))
      } else {
        merged[name] = value
      }
    }
    return merged
  }

  /// A configuration as values by name.
  static func fields(_ value: some Encodable) throws -> [String: JSONValue] {
    try JSONDecoder().decode([String: JSONValue].self, from: JSONEncoder().encode(value))
  }

  /// A configuration from values by name.
  /// - Throws: `MtagError` (usage) for a value of the wrong kind.
  static func decode<Value: Decodable>(_ type: Value.Type, _ fields: [String: JSONValue], owner: String)
    throws
    -> Value
  {
    do {
      return try JSONDecoder().decode(type, from: JSONEncoder().encode(fields))
    } catch let error as DecodingError {
      throw MtagError(.usage, "\(owner): \(error.oneLine)")
    }
  }
}
