import MtagCore
public import MtagGraph
public import MtagPlugins
public import MtagTraining

/// An architecture in the registry: its card, and how to make it from a partial configuration.
public struct ArchitectureEntry: Sendable {
  /// What it is.
  public let card: ArchitectureCard
  /// The YAML of a declared architecture; nil for one in Swift.
  public let declaredText: String?
  private let readDefaults: @Sendable () throws -> [String: JSONValue]
  private let decode: @Sendable ([String: JSONValue]) throws -> any GraphSource

  /// Registers a type.
  public init<Kind: Architecture>(_ type: Kind.Type) {
    card = Kind.card
    declaredText = nil
    readDefaults = { try Settings.fields(Kind()) }
    decode = { try Settings.decode(Kind.self, $0, owner: Kind.card.name) }
  }

  /// Registers an architecture that is written in YAML.
  public init(_ declared: DeclaredArchitecture) {
    card = declared.card
    declaredText = declared.text
    readDefaults = { declared.defaults.mapValues(\.json) }
    decode = { try DeclaredGraphSource(declared, settings: $0) }
  }

  /// The fields of its configuration with their defaults.
  public func defaults() throws -> [String: JSONValue] {
    try readDefaults()
  }

  /// The architecture with some fields changed.
  /// - Parameter overrides: values by field name; an object changes only the fields it names.
  /// - Throws: `MtagError` (usage) for a field that is not there, or a value of the wrong kind.
  public func architecture(overrides: [String: JSONValue] = [:]) throws -> any GraphSource {
    let merged = try Settings.merge(overrides, into: try defaults(), owner: card.name)
    return try decode(merged)
  }
}
