import MtagCore
import MtagData
import MtagFeatures
import MtagGraph
public import MtagModel
public import MtagTraining

extension Zoo {
  /// Which tensors of a file an architecture would start from, without training it.
  /// - Parameters:
  ///   - features: nil for those that the architecture was made for.
  ///   - labels: as many as the network shall have.
  /// - Throws: `MtagError` naming the file if it cannot be read.
  public func weightMatch(
    _ path: String, model: String, overrides: [String: JSONValue] = [:], features: String? = nil,
    labels: Int = Zoo.defaultLabels, axes: KernelAxes = .bandsFrames
  ) throws -> WeightMatch {
    let outline = try ArchitectureOutline(
      self, try architecture(named: model), overrides: overrides, features: features, labels: labels)
    let tensors = try InitialTensors(path)
    return try tensors.match(outline.graph, labels: nil, axes: axes)
  }

  /// Puts the tensors of a file that fit into fresh weights; the others (a head for other labels) stay fresh.
  /// - Parameter expectedSHA256: the file's hash if it is known.
  /// - Returns: the file's hash.
  /// - Throws: `MtagError` (badData) if nothing fits, the file is another one than expected, or it was trained with other features.
  func warmStart(
    _ path: String, expectedSHA256: String?, axes: KernelAxes, into weights: inout Weights, graph: Graph,
    features: FeatureSpec, labels: [String], observer: Observer
  ) throws -> String {
    let hash = try ContentHash.hex(ofFile: path)
    guard expectedSHA256.map({ $0 == hash }) ?? true else {
      throw MtagError(
        .badData,
        "\(path) is not the file that the configuration names: its SHA-256 is \(hash), not \(expectedSHA256 ?? ""); "
          + "name it with --init to start from it")
    }
    let tensors = try InitialTensors(path)
    try tensors.requireFrontEnd(features)
    let match = try tensors.match(graph, labels: labels, axes: axes)
    guard match.takenCount > 0 else {
      throw MtagError(
        .badData,
        "\(path): no tensor fits \(graph.name) by name and shape; look at both with: mtag-zoo info MODEL --weights \(path)"
      )
    }
    try tensors.take(match, into: &weights)
    for note in match.notes(path: path) { observer.note(note) }
    if !tensors.namesFrontEnd {
      observer.note(
        "\(path) does not say which features it was trained with; here they are '\(features.name)'")
    }
    return hash
  }
}
