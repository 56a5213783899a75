import MtagData

/// Where the seconds of one epoch go.
struct EpochClock {
  private let batches: BatchPrefetcher
  private let start = ContinuousClock.now
  private let waitedBefore: Double

  /// Starts now.
  init(_ batches: BatchPrefetcher) {
    self.batches = batches
    waitedBefore = batches.waitedSeconds
  }

  /// Seconds since the start.
  var seconds: Double { start.duration(to: .now).seconds }
  /// Those of them in which the engine waited for batches.
  var waitedSeconds: Double { batches.waitedSeconds - waitedBefore }
  /// Their share.
  var waitedShare: Double { min(1, waitedSeconds / max(seconds, 1e-9)) }
}
