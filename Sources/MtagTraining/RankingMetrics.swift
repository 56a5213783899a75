/// Metrics of one label's scores over many clips, which need no threshold. Ties are handled as scikit-learn does.
public enum RankingMetrics {
  /// Area under the receiver operating characteristic: the chance that a clip with the label is scored above one without,
  /// ties counted half (Mann and Whitney's U).
  /// - Returns: nil if no clip has the label or every clip has it: then it is undefined.
  public static func rocAUC(scores: [Float], targets: [Bool]) -> Double? {
    let positives = targets.count { $0 }
    let negatives = targets.count - positives
    guard positives > 0, negatives > 0 else { return nil }
    var wins = 0.0
    var negativesBelow = 0
    for group in tiedGroups(scores, targets).reversed() {
      wins += Double(group.positives) * (Double(negativesBelow) + Double(group.negatives) / 2)
      negativesBelow += group.negatives
    }
    return wins / (Double(positives) * Double(negatives))
  }

  /// Average precision, the step-wise area under the precision-recall curve: Σ (Rₙ − Rₙ₋₁) Pₙ over descending thresholds.
  /// - Returns: nil if no clip has the label: then it is undefined.
  public static func averagePrecision(scores: [Float], targets: [Bool]) -> Double? {
    let positives = targets.count { $0 }
    guard positives > 0 else { return nil }
    var area = 0.0
    var truePositives = 0
    var predicted = 0
    for group in tiedGroups(scores, targets) {
      truePositives += group.positives
      predicted += group.positives + group.negatives
      area += Double(group.positives) / Double(positives) * Double(truePositives) / Double(predicted)
    }
    return area
  }

  /// F1 of the decision `score ≥ threshold`: 2 TP / (2 TP + FP + FN).
  /// - Returns: nil if no clip has the label.
  public static func f1(scores: [Float], targets: [Bool], threshold: Float = 0.5) -> Double? {
    guard targets.contains(true) else { return nil }
    var truePositives = 0
    var errors = 0
    for (score, target) in zip(scores, targets) {
      if target && score >= threshold { truePositives += 1 }
      if target != (score >= threshold) { errors += 1 }
    }
    return Double(2 * truePositives) / Double(2 * truePositives + errors)
  }

  /// Clips of equal score together, from the highest score down.
  private static func tiedGroups(_ scores: [Float], _ targets: [Bool]) -> [(positives: Int, negatives: Int)] {
    var groups: [(positives: Int, negatives: Int)] = []
    var last: Float?
    for index in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
      if scores[index] != last { groups.append((0, 0)) }
      last = scores[index]
      if targets[index] {
        groups[groups.count - 1].positives += 1
      } else {
        groups[groups.count - 1].negatives += 1
      }
    }
    return groups
  }
}
