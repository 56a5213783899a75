/// Where the time of reading sound went.
public struct ReadingTimes: Sendable {
  /// In the decoder, reading from disk included.
  public internal(set) var decoding = Duration.zero
  /// For the mean of the channels and the change of rate.
  public internal(set) var converting = Duration.zero
}
