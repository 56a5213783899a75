import MtagZoo

/// An evaluation as text: the figure with its split, the per-label table, the confusion matrix.
enum EvaluationTable {
  static func lines(_ report: EvaluationReport) -> [String] {
    perLabel(report) + confusion(report) + [summary(report)]
  }

  private static func summary(_ report: EvaluationReport) -> String {
    var text = "\(report.headlineName) \(figure(report.headline)) on \(report.clips) clips"
    if report.isMultiLabel { text += ", pr_auc \(figure(report.prAUC))" }
    text += ", split \(report.split.name) (\(report.split.part)) \(report.split.sha256.prefix(12))"
    if !report.skipped.isEmpty { text += ", \(report.skipped.count) clips could not be read" }
    let undefined = zip(report.labels, report.perLabel).filter { $1.rocAUC == nil }.map(\.0)
    if report.isMultiLabel, !undefined.isEmpty {
      text += "; undefined, left out of the means: \(undefined.joined(separator: ", "))"
    }
    return text
  }

  private static func perLabel(_ report: EvaluationReport) -> [String] {
    var table = TextTable(
      report.isMultiLabel
        ? ["LABEL", "ROC_AUC", "PR_AUC", "F1", "CLIPS"] : ["LABEL", "ACCURACY", "F1", "CLIPS"])
    for (label, metrics) in zip(report.labels, report.perLabel) {
      let figures =
        report.isMultiLabel ? [metrics.rocAUC, metrics.prAUC, metrics.f1] : [metrics.accuracy, metrics.f1]
      table.add([label] + figures.map(figure) + ["\(metrics.support)"])
    }
    return table.lines()
  }

  /// Columns are numbered, since label names are longer than counts.
  private static func confusion(_ report: EvaluationReport) -> [String] {
    guard !report.confusion.isEmpty else { return [] }
    var table = TextTable(["TRUE \\ GIVEN"] + report.labels.indices.map { "\($0 + 1)" })
    for (index, row) in report.confusion.enumerated() {
      table.add(["\(index + 1) \(report.labels[index])"] + row.map(String.init))
    }
    return [""] + table.lines() + [""]
  }

  private static func figure(_ value: Double?) -> String {
    value.map { String(rounding: $0, digits: 3) } ?? "-"
  }
}
