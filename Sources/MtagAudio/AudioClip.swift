/// A whole clip in memory: one channel at one rate.
public struct AudioClip: Sendable {
  /// The samples; full scale is -1 to 1, float files may go beyond.
  public let samples: [Float]
  /// Samples per second.
  public let sampleRateHz: Int
  /// What was odd but not fatal, one line each.
  public let warnings: [String]

  /// Makes a clip from its samples.
  public init(samples: [Float], sampleRateHz: Int, warnings: [String] = []) {
    self.samples = samples
    self.sampleRateHz = sampleRateHz
    self.warnings = warnings
  }

  /// The length in seconds.
  public var durationSeconds: Double { Double(samples.count) / Double(sampleRateHz) }
}
