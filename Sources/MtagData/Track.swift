/// One clip of a dataset.
public struct Track: Sendable, Hashable {
  /// Where its file is: absolute, or relative to the working directory as the dataset's own path was.
  public let path: String
  /// Its path relative to the dataset; absolute if it lies elsewhere. Unique within the dataset; splits are hashed over it.
  public let id: String
  /// Its labels as indices into `Dataset.labels`, ascending: one in a single-label dataset, any number else.
  public let labels: [Int]
  /// What must not be torn apart by a split (an artist, an album): the value of the `group` column, if any.
  public let group: String?
  /// The value of the `split` column, if any.
  public let split: String?
  /// Every column that the manifest gives for this track, by its name; empty values are left out.
  public let columns: [String: String]

  /// Makes a track.
  public init(
    path: String, id: String, labels: [Int], group: String? = nil, split: String? = nil,
    columns: [String: String] = [:]
  ) {
    self.path = path
    self.id = id
    self.labels = labels
    self.group = group
    self.split = split
    self.columns = columns
  }
}
