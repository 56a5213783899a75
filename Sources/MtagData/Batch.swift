/// One batch for the engine.
public struct Batch: Sendable {
  /// Standardised features, `[batch, bands, frames, 1]`.
  public let inputs: [Float]
  /// Zeros and ones, `[batch, labels]`.
  public let targets: [Float]
  /// How many clips it holds.
  public let batch: Int
  /// Rows of each crop.
  public let bands: Int
  /// Columns of each crop.
  public let frames: Int
  /// The tracks it was cut from, as indices into `Dataset.tracks`.
  public let tracks: [Int]
}
