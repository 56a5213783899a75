import MtagCore
import MtagFeatures
import MtagGraph

/// Whether a network can read certain features: solved from the specs alone, before any sound is decoded.
struct ModelFit {
  private let architecture: any GraphSource
  private let name: String
  private let spec: FeatureSpec
  private let outline: FeatureOutline
  private var shape: MapShape { outline.shape }

  init(_ architecture: any GraphSource, spec: FeatureSpec) throws {
    self.architecture = architecture
    name = architecture.name
    self.spec = spec
    outline = try FeatureExtractors.outline(of: spec)
  }

  /// The network for the features' bands and channels.
  /// - Throws: `MtagError` (usage) naming the fewest bands that fit, if these are too few.
  func graph(labels: Int) throws -> Graph {
    do {
      return try architecture.graph(bands: shape.bands, channels: shape.channels, labels: labels)
    } catch let error as MtagError where error.kind == .usage {
      guard let enough = fewestBands(labels: labels) else { throw error }
      throw MtagError(
        .usage,
        "\(name) cannot read features '\(spec.name)': \(shape.bands) \(shape.bands == 1 ? "band is" : "bands are") too "
          + "few, it needs at least \(enough); choose features with more (mtag-zoo list features, or --set where their "
          + "number can be set) or a network that needs fewer")
    }
  }

  /// The next larger number of bands that works; nil if the bands are not what is wrong.
  private func fewestBands(labels: Int) -> Int? {
    func fits(_ bands: Int) -> Bool {
      (try? architecture.graph(bands: bands, channels: shape.channels, labels: labels)) != nil
    }
    // If no larger number works, something else is wrong: no need to try a thousand.
    guard [2, 3, 4, 8, 16].contains(where: { fits($0 * shape.bands) }) || fits(shape.bands + 1024) else {
      return nil
    }
    var bands = shape.bands
    while bands < GraphLimits.bands {
      bands += 1
      if fits(bands) { return bands }
      // Networks halve their input again and again: beyond this, something else is wrong.
      if bands > shape.bands + 1024 { return nil }
    }
    return nil
  }
}
