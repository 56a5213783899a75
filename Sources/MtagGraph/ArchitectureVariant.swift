/// Another configuration of an architecture under a name of its own: musicnn-big is musicnn, wider.
public protocol ArchitectureVariant: Sendable {
  /// What it is a configuration of.
  associatedtype Base: Architecture
  /// What it is.
  static var card: ArchitectureCard { get }
  /// Changes the base's configuration to this one.
  static func configure(_ network: inout Base)
}

/// A variant as an architecture: for a registry it is one like any other. Its configuration is that of its base.
public struct Variant<Kind: ArchitectureVariant>: Architecture {
  /// The base in the variant's configuration.
  public var network: Kind.Base

  /// What it is.
  public static var card: ArchitectureCard { Kind.card }

  /// The variant's configuration.
  public init() {
    network = Kind.Base()
    Kind.configure(&network)
  }

  /// Reads the base's configuration.
  public init(from decoder: any Decoder) throws { network = try Kind.Base(from: decoder) }

  /// Writes the base's configuration.
  public func encode(to encoder: any Encoder) throws { try network.encode(to: encoder) }

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try network.build(&graph, labels: labels)
  }
}
