/// Repeated measurements of one thing, in milliseconds.
public struct BenchTimes: Codable, Hashable, Sendable {
  /// The shortest.
  public let min: Double
  /// The middle one (the mean of the middle two for an even count).
  public let median: Double

  /// Measures `body` so many times, after a few runs that warm caches and plans up.
  /// - Parameters:
  ///   - warmUpSeconds: how long those last at least. A core that has slept takes some tenths of a second until it works
  ///     at its full speed, which is a hundred times as long as a short clip's features.
  ///   - warm: is called between the two.
  init(
    repeats: Int, warmUp: Int, warmUpSeconds: Double = 0, warm: () -> Void = {}, _ body: () throws -> Void
  ) throws {
    let (clock, start) = (ContinuousClock(), ContinuousClock.now)
    var runs = 0
    while runs < warmUp || start.duration(to: clock.now) < .seconds(warmUpSeconds) {
      try body()
      runs += 1
    }
    warm()
    var milliseconds: [Double] = []
    for _ in 0..<repeats {
      let (seconds, attoseconds) = try clock.measure(body).components
      milliseconds.append(Double(seconds) * 1e3 + Double(attoseconds) * 1e-15)
    }
    let sorted = milliseconds.sorted()
    min = sorted.first ?? 0
    median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}

/// Times of training steps or of inference, in the JSON that DESIGN section 5 promises.
public struct BenchResult: Encodable, Hashable, Sendable {
  /// `ms per step` or `ms per clip`.
  public let unit: String
  /// Frames of each clip.
  public let frames: Int
  /// The times.
  public let times: BenchTimes
  /// Where they go, if that was asked for.
  public var profile: BenchProfile?

  enum CodingKeys: CodingKey { case unit, frames, min, median, profile }

  /// Writes unit, frames, min and median side by side, and the profile if there is one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(unit, forKey: .unit)
    try container.encode(frames, forKey: .frames)
    try container.encode(times.min, forKey: .min)
    try container.encode(times.median, forKey: .median)
    try container.encodeIfPresent(profile, forKey: .profile)
  }
}

/// Times of feature extraction, in the JSON that DESIGN section 5 promises.
public struct FeatureBenchResult: Encodable, Hashable, Sendable {
  /// `ms per clip`
  public let unit: String
  /// Samples at the right rate are in memory already.
  public let fromSamples: BenchTimes
  /// From the file: decoding, mixing to mono and resampling included.
  public let withDecoding: BenchTimes
  /// From the file to mono samples at its own rate.
  public let decoding: BenchTimes
  /// From the file to mono samples at the rate of the features.
  public let decodingAndResampling: BenchTimes
  /// The Fourier transforms alone, one for each frame: no extractor of spectra can be faster. Nil for other extractors.
  public let transforms: BenchTimes?

  enum CodingKeys: String, CodingKey {
    case unit, decoding, transforms
    case decodingAndResampling = "decoding_and_resampling"
    case fromSamples = "from_samples"
    case withDecoding = "with_decoding"
  }
}

/// Times of one convolution.
public struct ConvolutionBenchResult: Encodable, Hashable, Sendable {
  /// `ms per batch`
  public let unit: String
  /// The operator, as the layer table names it.
  public let operation: String
  /// The output alone.
  public let forward: BenchTimes
  /// The gradients of the weights and, unless left out, of the input.
  public let backward: BenchTimes
  /// Billions of floating-point operations a second, counting those of the plain loops: two for each multiply-accumulate.
  public let forwardGFLOPS: Double
  /// The same for backward, where each gradient takes as many as the output.
  public let backwardGFLOPS: Double

  enum CodingKeys: String, CodingKey {
    case unit, operation, forward, backward
    case forwardGFLOPS = "forward_gflops"
    case backwardGFLOPS = "backward_gflops"
  }
}
