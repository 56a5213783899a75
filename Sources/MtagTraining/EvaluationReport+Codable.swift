import MtagData

/// The JSON differs from the struct: `per_label` is an object by label name, undefined figures are `null`, and figures of
/// the other kind (accuracy for several labels, AUC for a single one) are left out.
extension EvaluationReport {
  enum CodingKeys: String, CodingKey {
    case accuracy, confusion, labels, split, clips, skipped, f1
    case rocAUC = "roc_auc"
    case prAUC = "pr_auc"
    case perLabel = "per_label"
    case isMultiLabel = "multi_label"
  }

  /// Writes the JSON of DESIGN section 5.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(isMultiLabel, forKey: .isMultiLabel)
    if isMultiLabel {
      try container.encode(rocAUC, forKey: .rocAUC)
      try container.encode(prAUC, forKey: .prAUC)
    } else {
      try container.encode(accuracy, forKey: .accuracy)
    }
    try container.encode(f1, forKey: .f1)
    var table = container.nestedContainer(keyedBy: LabelKey.self, forKey: .perLabel)
    for (label, metrics) in zip(labels, perLabel) {
      var row = table.nestedContainer(
        keyedBy: LabelMetrics.CodingKeys.self, forKey: LabelKey(stringValue: label))
      if isMultiLabel {
        try row.encode(metrics.rocAUC, forKey: .rocAUC)
        try row.encode(metrics.prAUC, forKey: .prAUC)
      } else {
        try row.encode(metrics.accuracy, forKey: .accuracy)
      }
      try row.encode(metrics.f1, forKey: .f1)
      try row.encode(metrics.support, forKey: .support)
    }
    try container.encode(confusion, forKey: .confusion)
    try container.encode(labels, forKey: .labels)
    try container.encode(split, forKey: .split)
    try container.encode(clips, forKey: .clips)
    try container.encode(skipped, forKey: .skipped)
  }

  /// Reads that JSON again.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let labels = try container.decode([String].self, forKey: .labels)
    let table = try container.decode([String: LabelMetrics].self, forKey: .perLabel)
    self.init(
      isMultiLabel: try container.decode(Bool.self, forKey: .isMultiLabel),
      accuracy: try container.decodeIfPresent(Double.self, forKey: .accuracy),
      rocAUC: try container.decodeIfPresent(Double.self, forKey: .rocAUC),
      prAUC: try container.decodeIfPresent(Double.self, forKey: .prAUC),
      f1: try container.decodeIfPresent(Double.self, forKey: .f1),
      perLabel: labels.compactMap { table[$0] },
      confusion: try container.decode([[Int]].self, forKey: .confusion),
      labels: labels,
      split: try container.decode(SplitName.self, forKey: .split),
      clips: try container.decode(Int.self, forKey: .clips),
      skipped: try container.decode([SkippedClip].self, forKey: .skipped))
  }
}

/// A label's name as a key.
private struct LabelKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
