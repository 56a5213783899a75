import MtagCore

/// An architecture of the zoo. The stored properties of a conformer are its configuration (widths, depth, dropout …),
/// with the defaults that its paper gives.
public protocol Architecture: GraphSource, Codable {
  /// What it is, where it comes from.
  static var card: ArchitectureCard { get }
  /// The configuration that `train --model NAME` uses.
  init()
  /// Writes the network, from `graph.input` to the logits.
  /// - Parameters:
  ///   - graph: an empty builder that knows the input's bands and channels.
  ///   - labels: channels of the last node.
  /// - Throws: `MtagError` (usage) for a configuration that makes no sense.
  func build(_ graph: inout GraphBuilder, labels: Int) throws
}

/// What people should know of an architecture before they pick it.
public struct ArchitectureCard: Sendable, Hashable {
  /// The name a user types.
  public let name: String
  /// One sentence.
  public let summary: String
  /// The paper or the code it follows.
  public let source: String
  /// The features it was made for: the name of a preset.
  public let features: String
  /// Frames of a training crop in the paper; nil if nobody says.
  public let chunkFrames: Int?

  /// Makes a card.
  public init(
    name: String, summary: String, source: String, features: String = "melspec", chunkFrames: Int? = nil
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.features = features
    self.chunkFrames = chunkFrames
  }
}

extension Architecture {
  /// The card's name.
  public var name: String { Self.card.name }

  /// The graph for an input of `bands` bands and `channels` channels, and `labels` labels.
  /// - Throws: `MtagError` (usage) for a configuration or an input that cannot work.
  public func graph(bands: Int, channels: Int = 1, labels: Int) throws -> Graph {
    var builder = GraphBuilder(name: Self.card.name, inputBands: bands, inputChannels: channels)
    try build(&builder, labels: labels)
    return try builder.finish()
  }
}
