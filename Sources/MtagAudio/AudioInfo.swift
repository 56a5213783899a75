/// What a sound file says about itself.
public struct AudioInfo: Sendable, Hashable {
  /// The file, as it was named.
  public let path: String
  /// The file's own rate, in samples per second and channel.
  public let sampleRateHz: Int
  /// How many channels there are.
  public let channels: Int
  /// How many samples per channel the header claims, at the file's own rate; nil if it claims none or more than a
  /// file of that size can hold. What decodes may be less: a claim, never to allocate by.
  public let frames: Int?
  /// Container and encoding, for people: `WAV (Microsoft), Signed 16 bit PCM`.
  public let format: String

  /// The claimed length in seconds; nil if no length is claimed.
  public var durationSeconds: Double? { frames.map { Double($0) / Double(sampleRateHz) } }
}
