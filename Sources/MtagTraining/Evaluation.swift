public import MtagCore
public import MtagData
import MtagFeatures
public import MtagModel

/// Measures a model on clips whose labels are known.
public enum Evaluation {
  /// Scores every clip (mean over its chunks) and compares with its labels.
  /// - Parameters:
  ///   - labels: for each label of the data set, its place in the model's labels.
  ///   - indices: the tracks to evaluate.
  ///   - features: their maps; tracks without one are listed as skipped.
  ///   - chunks: chunks of each clip whose scores are averaged.
  /// - Throws: `MtagError` (badData) for labels that the model does not know.
  public static func evaluate(
    _ model: Model, dataset: Dataset, indices: [Int], features: FeatureSet, split: EvaluationReport.SplitName,
    chunks: Int, threads: Int, observer: Observer
  ) throws -> EvaluationReport {
    try Evaluator(model, threads: threads, observer: observer).evaluate(
      dataset, indices: indices, features: features, split: split, chunks: chunks)
  }

  /// Metrics from scores `[clips][labels]` and the labels that each clip has.
  package static func report(
    labels: [String], isMultiLabel: Bool, scores: [[Float]], targets: [[Int]],
    split: EvaluationReport.SplitName,
    skipped: [SkippedClip]
  ) -> EvaluationReport {
    var report = EvaluationReport(
      isMultiLabel: isMultiLabel, perLabel: [], confusion: [], labels: labels, split: split,
      clips: scores.count,
      skipped: skipped)
    if isMultiLabel {
      report.perLabel = labels.indices.map { label in
        let column = scores.map { $0[label] }
        let truth = targets.map { $0.contains(label) }
        return EvaluationReport.LabelMetrics(
          rocAUC: RankingMetrics.rocAUC(scores: column, targets: truth),
          prAUC: RankingMetrics.averagePrecision(scores: column, targets: truth),
          f1: RankingMetrics.f1(scores: column, targets: truth), support: truth.count { $0 })
      }
      report.rocAUC = mean(report.perLabel.map(\.rocAUC))
      report.prAUC = mean(report.perLabel.map(\.prAUC))
    } else {
      var confusion = ConfusionMatrix(labels: labels.count)
      for (clip, truth) in zip(scores, targets) {
        guard let label = truth.first, let best = TagResult.bestIndex(clip) else { continue }
        confusion.add(truth: label, prediction: best)
      }
      report.perLabel = labels.indices.map {
        EvaluationReport.LabelMetrics(
          accuracy: confusion.accuracy(of: $0), f1: confusion.f1(of: $0), support: confusion.support($0))
      }
      report.accuracy = confusion.accuracy
      report.confusion = confusion.counts
    }
    report.f1 = mean(report.perLabel.map(\.f1))
    return report
  }

  /// The mean of what is defined; nil if nothing is.
  private static func mean(_ values: [Double?]) -> Double? {
    let defined = values.compactMap(\.self)
    return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
  }

  /// For each label of the data set, its place in the model's labels.
  static func labelPlaces(_ model: Model, _ dataset: Dataset) throws -> [Int] {
    guard model.isMultiLabel == dataset.isMultiLabel else {
      let (one, several) = ("one label a clip", "several labels a clip")
      throw MtagError(
        .badData,
        "the model gives \(model.isMultiLabel ? several : one), but \(dataset.name) has "
          + "\(dataset.isMultiLabel ? several : one); choose another column with --label")
    }
    let unknown = dataset.labels.filter { !model.labels.contains($0) }
    guard unknown.isEmpty else {
      throw MtagError(
        .badData,
        "\(dataset.name) has labels the model does not know: \(unknown.prefix(5).joined(separator: ", ")); "
          + "it knows \(model.labels.prefix(12).joined(separator: ", ")); choose another column with --label")
    }
    return dataset.labels.compactMap { model.labels.firstIndex(of: $0) }
  }
}

extension TagResult {
  /// The place of the highest score; the first of equal ones.
  static func bestIndex(_ scores: [Float]) -> Int? {
    scores.indices.max { scores[$0] != scores[$1] ? scores[$0] < scores[$1] : $0 > $1 }
  }
}
