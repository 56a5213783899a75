/// One batch for the engine. Its arrays are filled again and again, so that a loop over batches allocates nothing.
public struct Batch: Sendable {
  /// Standardised features, `[batch, bands, frames, channels]`.
  public internal(set) var inputs: [Float] = []
  /// Zeros and ones, `[batch, labels]`.
  public internal(set) var targets: [Float] = []
  /// How many clips it holds.
  public internal(set) var batch = 0
  /// Rows of each crop.
  public internal(set) var bands = 0
  /// Columns of each crop.
  public internal(set) var frames = 0
  /// The tracks it was cut from, as indices into `Dataset.tracks`.
  public internal(set) var tracks: [Int] = []
}

extension [Float] {
  /// Changes the number of elements; new ones are zero. Memory is kept when it gets shorter.
  mutating func resize(to count: Int) {
    if count < self.count {
      removeLast(self.count - count)
    } else {
      append(contentsOf: repeatElement(0, count: count - self.count))
    }
  }
}
