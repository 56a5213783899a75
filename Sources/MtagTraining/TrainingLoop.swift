import MtagCore
import MtagData
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel

/// The loop over epochs and steps, with its checkpoints. Everything random depends on (seed, epoch, step) alone, so that a
/// run which stops anywhere goes on to the same bytes.
final class TrainingLoop {
  private let job: TrainingJob
  private let data: TrainingData
  private let observer: Observer
  private let folder: RunFolder
  private let loader: BatchLoader
  private let engine: TrainingEngine
  private var state: CheckpointState
  private var records: [EpochRecord] = []

  private var configuration: TrainingConfiguration { job.configuration }
  private var totalSteps: Int { configuration.epochs * loader.batchCount }

  init(_ job: TrainingJob, data: TrainingData, observer: Observer) throws {
    self.job = job
    self.data = data
    self.observer = observer
    folder = RunFolder(job.runFolder)
    loader = data.loader(job)
    let configuration = job.configuration
    engine = try TrainingEngine(
      graph: job.graph, weights: job.initialWeights,
      loss: configuration.loss(isMultiLabel: job.dataset.isMultiLabel),
      optimizer: configuration.optimizerConfiguration,
      gradientClip: configuration.gradientClip.map { Float($0) },
      threads: configuration.threads, seed: configuration.seed)
    try engine.prepare(
      batch: min(configuration.batchSize, loader.indices.count), frames: configuration.cropFrames)
    state = CheckpointState(
      configurationSHA256: try configuration.resultHash(), splitSHA256: job.split.sha256)
  }

  /// Goes back to the last checkpoint of the folder.
  func restore() throws {
    let model = try Model.load(folder.last)
    let saved = try TrainingState.load(folder.last)
    let old = try CheckpointState.read(saved.text, path: folder.last)
    try model.requireFrontEnd(job.extractor.spec)
    func require(_ holds: Bool, _ what: String) throws {
      guard holds else {
        throw MtagError(
          .badData, "\(folder.path) cannot be resumed: \(what) since it was stopped; start a new run")
      }
    }
    try require(old.splitSHA256 == state.splitSHA256, "the clips or their split have changed")
    try require(old.configurationSHA256 == state.configurationSHA256, "config.yaml has changed")
    try require(model.graph == job.graph, "architecture \(job.graph.name) has changed")
    try require(
      model.standardization == data.standardization, "the features of the training clips have changed")
    try require(
      old.epoch <= configuration.epochs && old.stepInEpoch <= loader.batchCount, "the clips have changed")
    try engine.restore(
      weights: model.weights, optimizerState: OptimizerState(stepCount: old.stepCount, moments: saved.moments)
    )
    state = old
    records = try folder.records(epochs: old.epoch)
    try require(records.count == old.epoch, "metrics.jsonl has lost lines")
  }

  /// Runs the epochs that are left, then writes the report.
  func run() throws -> TrainingReport {
    var isStoppedEarly = false
    while state.epoch < configuration.epochs {
      if let patience = configuration.patience, state.epoch - state.bestEpoch >= patience {
        isStoppedEarly = true
        observer.note("stopped early: no better \(metricName) for \(patience) epochs")
        break
      }
      try runEpoch()
    }
    var report = TrainingReport(
      folder: folder, records: records, bestEpoch: state.bestEpoch, isStoppedEarly: isStoppedEarly,
      trainedClips: data.train.count)
    if !data.valid.isEmpty { report.validation = try validate(try Model.load(folder.best)) }
    try AtomicFile.write(HTMLReport(report, configuration: configuration).page(), to: folder.report)
    return report
  }

  private func runEpoch() throws {
    let start = ContinuousClock.now
    while state.stepInEpoch < loader.batchCount {
      if observer.isCancelled() { try saveAndStop() }
      let rate = rate(ofStep: state.stepCount)
      let batch = loader.batch(state.stepInEpoch, epoch: state.epoch)
      let result = try engine.step(batch, learningRate: rate)
      try requireFinite(result, rate: rate)
      state.stepInEpoch += 1
      state.stepCount += 1
      state.lossSum += Double(result.loss)
      state.gradientNormSum += Double(result.gradientNorm)
      showProgress()
    }
    try finishEpoch(start: start)
  }

  private func rate(ofStep step: Int) -> Double {
    configuration.schedule.rate(
      step: step, totalSteps: totalSteps, base: configuration.learningRate,
      warmUpShare: configuration.warmUpShare ?? configuration.schedule.defaultWarmUpShare)
  }

  private func finishEpoch(start: ContinuousClock.Instant) throws {
    let steps = Double(loader.batchCount)
    var record = EpochRecord(
      epoch: state.epoch + 1, loss: state.lossSum / steps, gradientNorm: state.gradientNormSum / steps,
      learningRate: rate(ofStep: state.stepCount - 1), seconds: 0)
    let model = job.model(
      weights: engine.weights(), standardization: data.standardization, metrics: [:], epoch: record.epoch)
    if !data.valid.isEmpty {
      let validation = try validateOrStop(model)
      record.validAccuracy = validation.accuracy
      record.validROCAUC = validation.rocAUC
      record.validPRAUC = validation.prAUC
    }
    state.epoch += 1
    state.stepInEpoch = 0
    state.lossSum = 0
    state.gradientNormSum = 0
    try keepIfBest(model, record)
    record.seconds = start.duration(to: .now).seconds
    records.append(record)
    try folder.write(records)
    try saveLast()
    observer.note(describe(record))
  }

  /// An interrupted validation is done again by the run that goes on.
  private func validateOrStop(_ model: Model) throws -> EvaluationReport {
    do {
      return try validate(model)
    } catch let error as MtagError where error.kind == .interrupted {
      try saveAndStop()
    }
  }

  /// An undefined metric (no validation clips, one label only) lets the newest epoch count as the best.
  private func keepIfBest(_ model: Model, _ record: EpochRecord) throws {
    let isBetter = record.headline.map { value in state.bestMetric.map { value > $0 } ?? true }
    guard isBetter ?? (state.bestMetric == nil) else { return }
    state.bestMetric = record.headline
    state.bestEpoch = record.epoch
    var best = model
    best.card.metrics = metrics(record)
    try best.save(to: folder.best)
  }

  private func saveLast() throws {
    let model = job.model(
      weights: engine.weights(), standardization: data.standardization,
      metrics: records.last.map(metrics) ?? [:],
      epoch: state.epoch)
    let saved = TrainingState(moments: engine.optimizerState().moments, text: try state.text())
    try model.save(to: folder.last, extra: saved)
  }

  private func saveAndStop() throws -> Never {
    try saveLast()
    throw MtagError(
      .interrupted,
      "interrupted after \(state.epoch) epochs and \(state.stepInEpoch) steps, and saved; go on with: "
        + "mtag-zoo train --resume \(folder.path)")
  }

  private func requireFinite(_ result: TrainingEngine.StepResult, rate: Double) throws {
    if result.loss.isFinite && result.gradientNorm.isFinite { return }
    let kept = state.bestEpoch > 0 ? "; \(folder.best) keeps epoch \(state.bestEpoch)" : ""
    throw MtagError(
      .badData,
      "the loss is \(result.loss) in epoch \(state.epoch + 1), step \(state.stepInEpoch + 1), at learning rate "
        + "\(String(rounding: rate, digits: 6)): training has diverged; lower --lr or set --clip 1\(kept)")
  }
}

// MARK: - Validation and words

extension TrainingLoop {
  private var metricName: String { EvaluationReport.headlineName(isMultiLabel: job.dataset.isMultiLabel) }

  private func validate(_ model: Model) throws -> EvaluationReport {
    let paths = Set(job.split.valid.map { job.dataset.tracks[$0].path })
    let features = FeatureSet(
      maps: data.features.maps, skipped: data.features.skipped.filter { paths.contains($0.path) })
    let name = EvaluationReport.SplitName(name: job.split.name, sha256: job.split.sha256, part: "valid")
    // Training shows its own progress.
    return try Evaluation.evaluate(
      model, dataset: job.dataset, indices: data.valid, features: features, split: name,
      chunks: configuration.validationChunks, threads: configuration.threads,
      observer: Observer(isCancelled: observer.isCancelled))
  }

  private func metrics(_ record: EpochRecord) -> [String: Double] {
    var metrics: [String: Double] = [:]
    metrics["valid_accuracy"] = record.validAccuracy
    metrics["valid_roc_auc"] = record.validROCAUC
    metrics["valid_pr_auc"] = record.validPRAUC
    return metrics
  }

  private func showProgress() {
    let loss = String(rounding: state.lossSum / Double(state.stepInEpoch), digits: 4)
    let best = state.bestMetric.map { ", best \(metricName) \(String(rounding: $0, digits: 3))" } ?? ""
    observer.progress(
      ProgressUpdate(
        task: "epoch \(state.epoch + 1)/\(configuration.epochs)", done: state.stepCount, total: totalSteps,
        unit: "step", detail: "loss \(loss)\(best)"))
  }

  private func describe(_ record: EpochRecord) -> String {
    let loss = String(rounding: record.loss, digits: 4)
    let metric = record.headline.map { ", \(metricName) \(String(rounding: $0, digits: 3))" } ?? ""
    let mark = state.bestEpoch == record.epoch && record.headline != nil ? " (best)" : ""
    let seconds = String(rounding: record.seconds, digits: 1)
    return "epoch \(record.epoch)/\(configuration.epochs): loss \(loss)\(metric)\(mark), \(seconds) s"
  }
}

extension String {
  /// A number with a fixed count of decimals.
  package init(rounding value: Double, digits: Int) {
    guard value.isFinite, abs(value) < 1e15 else {
      self = "\(value)"
      return
    }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded()
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard digits > 0, scaled < 1e18 else {
      self = sign + "\(Int(scaled / scale))"
      return
    }
    let whole = Int(scaled) / Int(scale)
    let rest = String(Int(scaled) % Int(scale))
    self = "\(sign)\(whole).\(String(repeating: "0", count: digits - rest.count))\(rest)"
  }
}
