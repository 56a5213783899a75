/// How a training run ended.
public struct TrainingReport: Sendable {
  /// The run's folder.
  public var folder: RunFolder
  /// One record an epoch.
  public var records: [EpochRecord]
  /// The epoch that `best.safetensors` holds.
  public var bestEpoch: Int
  /// The best model on the validation clips; nil if there are none.
  public var validation: EvaluationReport?
  /// Whether early stopping ended it.
  public var isStoppedEarly: Bool
  /// Clips trained on.
  public var trainedClips: Int
  /// Share of the epochs' seconds in which the engine waited for batches; nil if no epoch tells.
  public var waitedShare: Double? {
    let timed = records.filter { $0.waitedShare != nil }
    let seconds = timed.reduce(0) { $0 + $1.seconds }
    guard seconds > 0 else { return nil }
    return timed.reduce(0) { $0 + $1.seconds * ($1.waitedShare ?? 0) } / seconds
  }
}
