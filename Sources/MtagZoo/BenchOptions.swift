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

  /// The default measurement.
  public init() {}

  func validate() throws {
    for (name, value) in [
      ("batch size", batchSize), ("frames", frames), ("threads", threads), ("repeats", repeats),
    ] {
      guard (1...1_000_000).contains(value) else { throw MtagError(.usage, "\(name) \(value) must be ≥ 1") }
    }
  }
}
