import MtagCore
import MtagFeatures
import MtagGraph
public import MtagZoo

/// The checks of one entry of the registry, with the features of its card and all its widths made small.
public struct ArchitectureConformance: Sendable {
  /// The narrow network's checks.
  public let narrow: GraphConformance
  /// The network as it is, for three labels.
  public let graph: Graph

  /// - Parameter zoo: where the entry and its features are.
  /// - Throws: `MtagError` (usage) if the network cannot be built for its features.
  public init(_ name: String, in zoo: Zoo) throws {
    let entry = try zoo.architectures.item(named: name).entry
    let shape = try FeatureExtractors.outline(of: zoo.featureSpec(named: entry.card.features)).shape
    graph = try entry.architecture().graph(bands: shape.bands, channels: shape.channels, labels: 3)
    let overrides = NarrowSettings.overrides(of: try entry.defaults())
    narrow = try GraphConformance(
      entry.architecture(overrides: overrides).graph(bands: shape.bands, channels: shape.channels, labels: 3))
  }
}
