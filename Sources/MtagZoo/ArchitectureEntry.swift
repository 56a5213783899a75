import Foundation
import MtagCore
public import MtagGraph
public import MtagTraining

/// An architecture in the registry: its card, and how to make it from a partial configuration.
public struct ArchitectureEntry: Sendable {
  /// What it is.
  public let card: ArchitectureCard
  private let encodedDefaults: @Sendable () throws -> Data
  private let decode: @Sendable (Data) throws -> any Architecture

  /// Registers a type.
  public init<Kind: Architecture>(_ type: Kind.Type) {
    card = Kind.card
    encodedDefaults = { try JSONEncoder().encode(Kind()) }
    decode = { try JSONDecoder().decode(Kind.self, from: $0) }
  }

  /// The fields of its configuration with their defaults.
  public func defaults() throws -> [String: JSONValue] {
    try JSONDecoder().decode([String: JSONValue].self, from: encodedDefaults())
  }

  /// The architecture with some fields changed.
  /// - Parameter overrides: values by field name; an object changes only the fields it names.
  /// - Throws: `MtagError` (usage) for a field that is not there, or a value of the wrong kind.
  public func architecture(overrides: [String: JSONValue] = [:]) throws -> any Architecture {
    let merged = try merge(overrides, into: try defaults(), path: "")
    do {
      return try decode(try JSONEncoder().encode(merged))
    } catch let error as DecodingError {
      throw MtagError(.usage, "\(card.name): \(error.oneLine)")
    }
  }

  private func merge(
    _ overrides: [String: JSONValue], into defaults: [String: JSONValue], path: String
  ) throws -> [String: JSONValue] {
    var merged = defaults
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      guard let old = defaults[name] else {
        let known = suggestion(for: name, among: defaults.keys.sorted())
        throw MtagError(.usage, "\(card.name) has no setting '\(path)\(name)'; \(known)")
      }
      if case .object(let inner) = old, case .object(let changes) = value {
        merged[name] = .object(try merge(changes, into: inner, path: "\(path)\(name)."))
      } else {
        merged[name] = value
      }
    }
    return merged
  }
}
