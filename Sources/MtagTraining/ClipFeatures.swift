import MtagAudio
public import MtagCore
public import MtagFeatures

/// The feature map of one sound file, with what is worth knowing about the file.
public struct ClipFeatures: Sendable {
  /// The features, `[bands, frames, channels]`.
  public let map: FeatureMap
  /// Length of what was decoded, in seconds.
  public let seconds: Double
  /// What was odd but not fatal, such as a truncated end.
  public let warnings: [String]
  /// Where the time went.
  public let times: Times

  /// Where the time went that one clip took.
  public struct Times: Sendable {
    /// Opening, reading and decoding the file.
    public let decoding: Duration
    /// The mean of the channels and the change of rate.
    public let converting: Duration
    /// From samples to the map.
    public let features: Duration
  }

  /// Decodes a file in blocks and computes its features; the sound is never in memory as a whole.
  /// - Throws: `MtagError` naming the file and the reason.
  public static func load(_ path: String, extractor: any FeatureExtractor) throws -> ClipFeatures {
    let rate = extractor.spec.sampleRateHz
    let reader = try AudioReader(path: path, sampleRateHz: rate)
    let clock = ContinuousClock()
    var samples = 0
    var features = Duration.zero
    do {
      let stream = try extractor.makeStream()
      while try reader.withNextBlock({ block in
        samples += block.count
        features += try clock.measure { try stream.push(block) }
      }) {}
      let start = clock.now
      let map = try stream.finish()
      features += start.duration(to: clock.now)
      let times = Times(
        decoding: reader.times.decoding, converting: reader.times.converting, features: features)
      return ClipFeatures(
        map: map, seconds: Double(samples) / Double(rate), warnings: reader.warnings, times: times)
    } catch let error as MtagError {
      throw error.naming(path)
    }
  }
}

extension MtagError {
  /// The same error with the file's name in front, unless it is there already.
  fileprivate func naming(_ path: String) -> MtagError {
    message.contains(path) ? self : MtagError(kind, "\(path): \(message)")
  }
}
