/// One self-contained page about a run: curves, the per-label table and the confusion matrix.
struct HTMLReport {
  private let report: TrainingReport
  private let model: String
  private let dataset: String

  init(_ report: TrainingReport, model: String, dataset: String) {
    self.report = report
    self.model = model
    self.dataset = dataset
  }

  /// The page.
  func page() -> String {
    """
    <!DOCTYPE html>
    <html lang="en"><head><meta charset="utf-8"><title>\(escaped(model)) run</title><style>
    body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
    table{border-collapse:collapse;margin:1rem 0}td,th{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}
    td:first-child,th:first-child{text-align:left}svg{background:#fafafa;border:1px solid #ddd}
    </style></head><body>
    <h1>\(escaped(model)) on \(escaped(dataset))</h1>
    <p>\(summary())</p>
    \(curve("training loss", report.records.map(\.loss)))
    \(curve("validation metric", report.records.compactMap(\.headline)))
    \(report.validation.map(tables) ?? "<p>There were no clips to validate on.</p>")
    </body></html>

    """
  }

  private func summary() -> String {
    let seconds = report.records.reduce(0) { $0 + $1.seconds }
    var text = "\(report.records.count) epochs of \(report.trainedClips) clips in \(number(seconds, 0)) s; "
    text += "best epoch \(report.bestEpoch)."
    guard let validation = report.validation else { return text }
    let figure = validation.headline.map { number($0, 3) } ?? "undefined"
    text += " Validation \(validation.headlineName) <b>\(figure)</b> on \(validation.clips) clips"
    return text
      + ", split <code>\(escaped(validation.split.name))</code> \(validation.split.sha256.prefix(12))."
  }

  /// A line through the values, on a scale from the smallest to the largest.
  private func curve(_ title: String, _ values: [Double]) -> String {
    guard let low = values.min(), let high = values.max(), values.count > 1 else { return "" }
    let (width, height) = (640.0, 160.0)
    let span = high > low ? high - low : 1
    let points = values.enumerated().map { index, value in
      let x = Double(index) / Double(values.count - 1) * (width - 20) + 10
      let y = height - 10 - (value - low) / span * (height - 20)
      return "\(number(x, 1)),\(number(y, 1))"
    }
    return """
      <h2>\(title)</h2><p>\(number(low, 4)) to \(number(high, 4))</p>
      <svg width="\(Int(width))" height="\(Int(height))" role="img" aria-label="\(title)">\
      <polyline fill="none" stroke="#36c" stroke-width="2" points="\(points.joined(separator: " "))"/></svg>
      """
  }

  private func tables(_ validation: EvaluationReport) -> String {
    let names = validation.isMultiLabel ? ["ROC-AUC", "PR-AUC", "F1"] : ["accuracy", "F1"]
    let rows = zip(validation.labels, validation.perLabel).map { label, metrics in
      let values =
        validation.isMultiLabel
        ? [metrics.rocAUC, metrics.prAUC, metrics.f1] : [metrics.accuracy, metrics.f1]
      return row([escaped(label)] + values.map { $0.map { number($0, 3) } ?? "–" } + ["\(metrics.support)"])
    }
    return "<h2>Per label</h2><table>" + row(["label"] + names + ["clips"], cell: "th") + rows.joined()
      + "</table>"
      + confusion(validation)
  }

  private func confusion(_ validation: EvaluationReport) -> String {
    guard !validation.confusion.isEmpty else { return "" }
    let head = row(["true \\ given"] + validation.labels.map(escaped), cell: "th")
    let rows = zip(validation.labels, validation.confusion).map { row([escaped($0)] + $1.map(String.init)) }
    return "<h2>Confusion</h2><table>" + head + rows.joined() + "</table>"
  }

  private func row(_ cells: [String], cell: String = "td") -> String {
    "<tr>" + cells.map { "<\(cell)>\($0)</\(cell)>" }.joined() + "</tr>\n"
  }

  private func number(_ value: Double, _ digits: Int) -> String { String(rounding: value, digits: digits) }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
