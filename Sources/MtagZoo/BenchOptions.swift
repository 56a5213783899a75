import MtagCore
public import MtagTraining

/// What `bench train` and `bench infer` measure.
public struct BenchOptions: Sendable {
  /// The architecture.
  public var model = "cnn4"
  /// Settings that differ from its defaults.
  public var overrides: [String: JSONValue] = [:]
  /// The features, which give the bands; nil for those that the architecture was made for.
  public var features: String?
  /// Clips in a batch.
  public var batchSize = 16
  /// Frames of each clip; nil for the architecture's own chunk, or a clip of 30 s.
  public var frames: Int?
  /// Threads.
  public var threads = 1
  /// Measurements.
  public var repeats = 5
  /// Whether to measure where the time goes, too.
  public var isProfiled = false

  /// The default measurement.
  public init() {}

  /// Refuses values that cannot work.
  /// - Throws: `MtagError` (usage) naming the first value out of range.
  func validate() throws {
    try Self.check("batch size", batchSize, in: 1...65_536)
    try Self.check("frames", frames ?? 1, in: 1...1_000_000)
    try Self.check(threads: threads, repeats: repeats)
  }

  /// The same for what every measurement has.
  static func check(threads: Int, repeats: Int) throws {
    try check("threads", threads, in: 1...1024)
    try check("repeats", repeats, in: 1...1_000_000)
  }

  /// Refuses batches that no machine holds: at 128 bands 2²⁴ frames are 8 GB of input alone.
  static func check(batchSize: Int, frames: Int) throws {
    try check("batch size × frames", batchSize * frames, in: 1...1 << 24)
  }

  static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw MtagError(
        .usage, "\(name) \(value) must be in \(range.lowerBound) ... \(range.upperBound)")
    }
  }
}
