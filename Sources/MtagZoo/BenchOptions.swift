import MtagCore
public import MtagTraining

/// What `bench train` and `bench infer` measure.
public struct BenchOptions: Sendable {
  /// The architecture.
  public var model = "cnn4"
  /// Settings that differ from its defaults.
  public var overrides: [String: JSONValue] = [:]
  /// The feature preset, which gives the bands.
  public var features = "melspec"
  /// Clips in a batch.
  public var batchSize = 16
  /// Frames of each clip.
  public var frames = 1292
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
    try Self.check("frames", frames, in: 1...1_000_000)
    // Frames of the whole batch: at 128 bands this is 8 GB of input alone.
    try Self.check("batch size × frames", batchSize * frames, in: 1...1 << 24)
    try Self.check(threads: threads, repeats: repeats)
  }

  /// The same for what every measurement has.
  static func check(threads: Int, repeats: Int) throws {
    try check("threads", threads, in: 1...1024)
    try check("repeats", repeats, in: 1...1_000_000)
  }

  static func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) throws {
    guard range.contains(value) else {
      throw MtagError(
        .usage, "\(name) \(value) must be in \(range.lowerBound) ... \(range.upperBound)")
    }
  }
}
