public import MtagCore
import MtagData

/// What `dataset info` shows.
public struct DatasetSummary: Encodable, Sendable {
  /// A label with its clips, in all and in each part of the split.
  public struct Label: Encodable, Sendable {
    /// Its name.
    public let name: String
    /// Clips to train on.
    public let train: Int
    /// Clips that choose the best model.
    public let valid: Int
    /// Clips that measure it.
    public let test: Int
    /// Clips in all.
    public let all: Int
  }

  /// How many clips the split puts where.
  public struct SplitSizes: Encodable, Sendable {
    /// The split's text.
    public let name: String
    /// Its hash.
    public let sha256: String
    /// Clips to train on.
    public let train: Int
    /// Clips that choose the best model.
    public let valid: Int
    /// Clips that measure it.
    public let test: Int
  }

  /// The data set's name.
  public let name: String
  /// Clips in all.
  public let clips: Int
  /// Whether clips may have several labels.
  public let multiLabel: Bool
  /// Columns of its manifest.
  public let columns: [String]
  /// Labels with their clips.
  public let labels: [Label]
  /// The split.
  public let split: SplitSizes

  enum CodingKeys: String, CodingKey {
    case name, clips, columns, labels, split
    case multiLabel = "multi_label"
  }
}

extension Zoo {
  /// Counts a data set's labels and clips, and those of a split's parts.
  /// - Parameter split: nil for the one that `train` would take.
  public func datasetSummary(
    _ name: String, label: String?, split: String?, seed: UInt64, observer: Observer
  ) throws -> DatasetSummary {
    let dataset = try dataset(name, label: label, observer: observer)
    let split = try Split.make(split ?? Split.defaultText(for: dataset), dataset: dataset, seed: seed)
    for note in split.notes { observer.note(note) }
    func counts(_ indices: [Int]) -> [Int] {
      var counts = [Int](repeating: 0, count: dataset.labels.count)
      for index in indices { for label in dataset.tracks[index].labels { counts[label] += 1 } }
      return counts
    }
    let (train, valid, test) = (counts(split.train), counts(split.valid), counts(split.test))
    let all = counts(Array(dataset.tracks.indices))
    return DatasetSummary(
      name: dataset.name, clips: dataset.tracks.count, multiLabel: dataset.isMultiLabel,
      columns: dataset.columns,
      labels: dataset.labels.indices.map {
        .init(name: dataset.labels[$0], train: train[$0], valid: valid[$0], test: test[$0], all: all[$0])
      },
      split: .init(
        name: split.name, sha256: split.sha256, train: split.train.count, valid: split.valid.count,
        test: split.test.count))
  }
}
