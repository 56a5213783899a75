import MtagCore
import MtagFeatures
import MtagGraph

/// Whether a network can read certain features: solved from the specs alone, before any sound is decoded.
struct ModelFit {
  private let architecture: any Architecture
  private let name: String
  private let spec: FeatureSpec
  private let outline: FeatureOutline
  private var shape: MapShape { outline.shape }

  init(_ architecture: any Architecture, spec: FeatureSpec) throws {
    self.architecture = architecture
    name = type(of: architecture).card.name
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

  /// Refuses crops that are too short for the network.
  /// - Throws: `MtagError` (usage) naming the shortest crop, in frames and in seconds.
  func check(cropFrames: Int) throws {
    let graph = try graph(labels: 2)
    let minimum = try graph.minimumFrames()
    guard cropFrames >= minimum else {
      let seconds = String(rounding: try graph.shortestClipSeconds(outline), digits: 2)
      throw MtagError(
        .usage,
        "a crop of \(cropFrames) frames is too short for \(name): it needs \(minimum), \(seconds) s of '\(spec.name)'; "
          + "use --crop \(minimum) or more")
    }
  }

  /// The next larger number of bands that works; nil if the bands are not what is wrong.
  private func fewestBands(labels: Int) -> Int? {
    var bands = shape.bands
    while bands < GraphLimits.bands {
      bands += 1
      if (try? architecture.graph(bands: bands, channels: shape.channels, labels: labels)) != nil {
        return bands
      }
      // Networks halve their input again and again: beyond this, something else is wrong.
      if bands > shape.bands + 1024 { return nil }
    }
    return nil
  }
}

extension Graph {
  /// The shortest clip that the network can read whole, in seconds of sound at the features' rate.
  func shortestClipSeconds(_ outline: FeatureOutline) throws -> Double {
    Double(outline.fewestSamples(frames: try minimumFrames())) / Double(outline.spec.sampleRateHz)
  }
}
