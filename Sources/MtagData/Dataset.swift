/// Clips with labels: what training, evaluation and reports read.
public struct Dataset: Sendable {
  /// A short name, for people: the last part of its path.
  public let name: String
  /// The labels, in natural order.
  public let labels: [String]
  /// The columns that the labels were read from; `label` for a folder per class.
  public let labelColumns: [String]
  /// Whether a clip may have any number of labels (else it has exactly one).
  public let isMultiLabel: Bool
  /// The clips, in the manifest's order or in natural order of their paths.
  public let tracks: [Track]
  /// The names of the columns that tracks may have, in the manifest's order.
  public let columns: [String]
  /// What was odd but not fatal, one line each, for people.
  public let warnings: [String]

  /// Makes a dataset from its parts.
  public init(
    name: String, labels: [String], labelColumns: [String] = ["label"], isMultiLabel: Bool, tracks: [Track],
    columns: [String] = [], warnings: [String] = []
  ) {
    self.name = name
    self.labels = labels
    self.labelColumns = labelColumns
    self.isMultiLabel = isMultiLabel
    self.tracks = tracks
    self.columns = columns
    self.warnings = warnings
  }

  /// The targets of one track: a zero or a one for every label.
  public func targets(of index: Int) -> [Float] {
    var targets = [Float](repeating: 0, count: labels.count)
    for label in tracks[index].labels { targets[label] = 1 }
    return targets
  }
}
