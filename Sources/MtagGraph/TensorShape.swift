/// The shape of every value in a graph: `[batch, bands, frames, channels]`, always in this order.
///
/// Vectors have one band and one frame: logits are `[batch, 1, 1, labels]`.
public struct TensorShape: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Clips in the batch.
  public var batch: Int
  /// Rows: mel bands at the input, fewer after pooling.
  public var bands: Int
  /// Columns: time frames at the input.
  public var frames: Int
  /// Channels, innermost in memory.
  public var channels: Int

  /// Makes a shape.
  public init(batch: Int = 1, bands: Int, frames: Int, channels: Int) {
    self.batch = batch
    self.bands = bands
    self.frames = frames
    self.channels = channels
  }

  /// How many values there are.
  public var count: Int { batch * bands * frames * channels }

  /// `bands × frames × channels`, without the batch.
  public var description: String { "\(bands)×\(frames)×\(channels)" }
}
