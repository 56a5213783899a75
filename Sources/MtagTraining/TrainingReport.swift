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
}
