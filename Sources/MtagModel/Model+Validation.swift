import MtagCore
import MtagFeatures
import MtagGraph

extension Model {
  /// Checks that the parts fit together and hold numbers a network can use.
  /// - Throws: `MtagError` (usage) naming the part and its value.
  public func validate() throws {
    let expected = try graph.parameters()
    guard weights.parameters.map(\.name) == expected.map(\.name),
      weights.parameters.map(\.shape) == expected.map(\.shape)
    else { throw MtagError(.usage, "the weights are not those of \(graph.name)") }
    for (index, parameter) in expected.enumerated() {
      let values = weights.values[weights.range(at: index)]
      guard values.allSatisfy(\.isFinite) else {
        throw MtagError(
          .usage, "'\(parameter.name)' holds NaN or infinity; the training that made it diverged")
      }
      guard !parameter.name.hasSuffix(".running_var") || values.allSatisfy({ $0 >= 0 }) else {
        throw MtagError(.usage, "'\(parameter.name)' holds a negative variance")
      }
    }
    try Self.validate(graph: graph, featureSpec: featureSpec, labels: labels, chunkFrames: chunkFrames)
    try standardization.validate()
  }

  /// What can be checked before there are weights.
  static func validate(graph: Graph, featureSpec: FeatureSpec, labels: [String], chunkFrames: Int) throws {
    try featureSpec.validate()
    let count = try graph.labelCount()
    guard labels.count == count else {
      throw MtagError(.usage, "\(labels.count) label names do not fit \(graph.name)'s \(count) logits")
    }
    var seen: Set<String> = []
    if let twice = labels.first(where: { !seen.insert($0).inserted }) {
      throw MtagError(.usage, "the label '\(twice)' stands twice among the labels")
    }
    let shape = try FeatureExtractors.knownShape(of: featureSpec) ?? MapShape(bands: featureSpec.bands)
    guard shape.bands == graph.inputBands, shape.channels == graph.inputChannels else {
      throw MtagError(
        .usage,
        "features '\(featureSpec.name)' have \(shape.bands) bands and \(shape.channels) channels, and "
          + "\(graph.name) reads \(graph.inputBands) and \(graph.inputChannels)")
    }
    let shortest = try graph.minimumFrames()
    guard (shortest...GraphLimits.frames).contains(chunkFrames) else {
      throw MtagError(
        .usage,
        "chunks of \(chunkFrames) frames are not in \(graph.name)'s \(shortest) … \(GraphLimits.frames)")
    }
  }
}

extension Standardization {
  /// - Throws: `MtagError` (usage) unless the mean is finite and the deviation finite and above 0.
  public func validate() throws {
    guard mean.isFinite, deviation.isFinite, deviation > 0 else {
      throw MtagError(
        .usage, "a standardisation with mean \(mean) and deviation \(deviation) cannot be applied")
    }
  }
}
