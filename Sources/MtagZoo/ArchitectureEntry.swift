import MtagCore
public import MtagGraph
public import MtagTraining

/// An architecture in the registry: its card, and how to make it from a partial configuration.
public struct ArchitectureEntry: Sendable {
  /// What it is.
  public let card: ArchitectureCard
  private let readDefaults: @Sendable () throws -> [String: JSONValue]
  private let decode: @Sendable ([String: JSONValue]) throws -> any Architecture

  /// Registers a type.
  public init<Kind: Architecture>(_ type: Kind.Type) {
    card = Kind.card
    readDefaults = { try Settings.fields(Kind()) }
    decode = { try Settings.decode(Kind.self, $0, owner: Kind.card.name) }
  }

  /// The fields of its configuration with their defaults.
  public func defaults() throws -> [String: JSONValue] {
    try readDefaults()
  }

  /// The architecture with some fields changed.
  /// - Parameter overrides: values by field name; an object changes only the fields it names.
  /// - Throws: `MtagError` (usage) for a field that is not there, or a value of the wrong kind.
  public func architecture(overrides: [String: JSONValue] = [:]) throws -> any Architecture {
    let merged = try Settings.merge(overrides, into: try defaults(), owner: card.name)
    return try decode(merged)
  }
}
