/// One line of `metrics.jsonl`.
public struct EpochRecord: Codable, Hashable, Sendable {
  /// 1 for the first epoch.
  public var epoch: Int
  /// Mean training loss over the epoch's steps.
  public var loss: Double
  /// Mean gradient norm over the epoch's steps, before clipping.
  public var gradientNorm: Double
  /// Learning rate of the epoch's last step.
  public var learningRate: Double
  /// Single label: share of validation clips given their label.
  public var validAccuracy: Double?
  /// Several labels: macro ROC-AUC on the validation clips.
  public var validROCAUC: Double?
  /// Several labels: macro average precision on the validation clips.
  public var validPRAUC: Double?
  /// Wall-clock seconds of the epoch, validation included.
  public var seconds: Double
  /// Share of those seconds in which the engine waited for batches; nil in records of older versions.
  public var waitedShare: Double?

  enum CodingKeys: String, CodingKey {
    case epoch, loss, seconds
    case gradientNorm = "gradient_norm"
    case learningRate = "learning_rate"
    case validAccuracy = "valid_accuracy"
    case validROCAUC = "valid_roc_auc"
    case validPRAUC = "valid_pr_auc"
    case waitedShare = "waited_share"
  }

  /// The figure that chooses the best epoch.
  public var headline: Double? { validAccuracy ?? validROCAUC }
}
