import MtagCore
import MtagData
import MtagModel

/// Validation, and what the user reads.
extension TrainingLoop {
  var metricName: String { EvaluationReport.headlineName(isMultiLabel: job.dataset.isMultiLabel) }

  func validate(_ model: Model) throws -> EvaluationReport {
    if let validator {
      try validator.use(model)
    } else {
      // Training shows its own progress.
      validator = try Evaluator(
        model, threads: configuration.threads, observer: Observer(isCancelled: observer.isCancelled))
    }
    guard let validator else { preconditionFailure("the validator was made above") }
    let paths = Set(job.split.valid.map { job.dataset.tracks[$0].path })
    let features = FeatureSet(
      maps: data.features.maps, skipped: data.features.skipped.filter { paths.contains($0.path) })
    let name = EvaluationReport.SplitName(name: job.split.name, sha256: job.split.sha256, part: "valid")
    return try validator.evaluate(
      job.dataset, indices: data.valid, features: features, split: name,
      chunks: configuration.validationChunks)
  }

  func metrics(_ record: EpochRecord) -> [String: Double] {
    var metrics: [String: Double] = [:]
    metrics["valid_accuracy"] = record.validAccuracy
    metrics["valid_roc_auc"] = record.validROCAUC
    metrics["valid_pr_auc"] = record.validPRAUC
    return metrics
  }

  func showProgress() {
    let loss = String(rounding: state.lossSum / Double(state.stepInEpoch), digits: 4)
    var detail = "loss \(loss)"
    if let best = state.bestMetric { detail += ", best \(metricName) \(String(rounding: best, digits: 3))" }
    // Only a loader that is too slow is worth a word on every line.
    if clock.waitedShare >= 0.01 { detail += ", waited \(percent(clock.waitedShare)) for batches" }
    observer.progress(
      ProgressUpdate(
        task: "epoch \(state.epoch + 1)/\(configuration.epochs)", done: state.stepCount, total: totalSteps,
        unit: "step", detail: detail))
  }

  func describe(_ record: EpochRecord) -> String {
    let loss = String(rounding: record.loss, digits: 4)
    let metric = record.headline.map { ", \(metricName) \(String(rounding: $0, digits: 3))" } ?? ""
    let mark = state.bestEpoch == record.epoch && record.headline != nil ? " (best)" : ""
    let seconds = String(rounding: record.seconds, digits: 1)
    return "epoch \(record.epoch)/\(configuration.epochs): loss \(loss)\(metric)\(mark), \(seconds) s"
  }
}
