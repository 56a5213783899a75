import MtagCore
import MtagData
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel

/// The loop over epochs and steps, with its checkpoints. Everything random depends on (seed, epoch, step) alone, so that a
/// run which stops anywhere goes on to the same bytes.
final class TrainingLoop {
  let job: TrainingJob
  let data: TrainingData
  let observer: Observer
  let folder: RunFolder
  let loader: BatchLoader
  let batches: BatchPrefetcher
  let engine: TrainingEngine
  let writer = BackgroundWriter()
  var validator: Evaluator?
  /// The validation of the best epoch, unless it was trained by an earlier process.
  var bestValidation: EvaluationReport?
  var state: CheckpointState
  var records: [EpochRecord] = []
  /// That of the epoch under way.
  var clock: EpochClock

  var configuration: TrainingConfiguration { job.configuration }
  var totalSteps: Int { configuration.epochs * loader.batchCount }

  init(_ job: TrainingJob, data: TrainingData, observer: Observer) throws {
    self.job = job
    self.data = data
    self.observer = observer
    folder = RunFolder(job.runFolder)
    loader = data.loader(job)
    let configuration = job.configuration
    // One thread means one: a batch costs it a few thousandths of a step.
    batches = BatchPrefetcher(loader, epochs: configuration.epochs, isAhead: configuration.threads > 1)
    clock = EpochClock(batches)
    engine = try TrainingEngine(
      graph: job.graph, weights: job.initialWeights,
      loss: configuration.loss(isMultiLabel: job.dataset.isMultiLabel),
      optimizer: configuration.optimizerConfiguration,
      gradientClip: configuration.gradientClip.map { Float($0) },
      threads: configuration.threads, seed: configuration.seed)
    try engine.prepare(
      batch: min(configuration.batchSize, loader.indices.count), frames: job.cropFrames)
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
    do {
      let report = try runEpochs()
      try writer.finish()
      return report
    } catch {
      // The folder is let go only when nobody writes to it any more; the first error is the one that counts.
      try? writer.finish()
      throw error
    }
  }

  private func runEpochs() throws -> TrainingReport {
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
    if !data.valid.isEmpty {
      try writer.finish()
      report.validation = try bestValidation ?? validate(try Model.load(folder.best))
    }
    try AtomicFile.write(
      HTMLReport(
        report, model: job.architectureText == nil ? configuration.model : job.graph.name,
        dataset: configuration.dataset
      ).page(), to: folder.report)
    if let share = report.waitedShare { observer.note("waited \(percent(share)) for batches") }
    return report
  }

  private func runEpoch() throws {
    clock = EpochClock(batches)
    while state.stepInEpoch < loader.batchCount {
      if observer.isCancelled() { try saveAndStop() }
      let rate = rate(ofStep: state.stepCount)
      let result = try batches.withBatch(state.stepInEpoch, epoch: state.epoch) {
        try engine.step($0, learningRate: rate)
      }
      try requireFinite(result, rate: rate)
      state.stepInEpoch += 1
      state.stepCount += 1
      state.lossSum += Double(result.loss)
      state.gradientNormSum += Double(result.gradientNorm)
      showProgress()
    }
    try finishEpoch()
  }

  private func rate(ofStep step: Int) -> Double {
    configuration.schedule.rate(
      step: step, totalSteps: totalSteps, base: configuration.learningRate,
      warmUpShare: configuration.warmUpShare ?? configuration.schedule.defaultWarmUpShare)
  }

  private func finishEpoch() throws {
    let steps = Double(loader.batchCount)
    let (stepSeconds, waitedSeconds) = (clock.seconds, clock.waitedSeconds)
    var record = EpochRecord(
      epoch: state.epoch + 1, loss: state.lossSum / steps, gradientNorm: state.gradientNormSum / steps,
      learningRate: rate(ofStep: state.stepCount - 1), seconds: 0)
    let model = job.model(
      weights: engine.weights(), standardization: data.standardization, metrics: [:], epoch: record.epoch)
    var validation: EvaluationReport?
    if !data.valid.isEmpty {
      validation = try validateOrStop(model)
      record.validAccuracy = validation?.accuracy
      record.validROCAUC = validation?.rocAUC
      record.validPRAUC = validation?.prAUC
    }
    let validationSeconds = clock.seconds - stepSeconds
    state.epoch += 1
    state.stepInEpoch = 0
    state.lossSum = 0
    state.gradientNormSum = 0
    let isBest = isBest(record)
    if isBest {
      state.bestMetric = record.headline
      state.bestEpoch = record.epoch
      bestValidation = validation
    }
    record.waitedShare = clock.waitedShare
    record.seconds = clock.seconds
    records.append(record)
    try save(model, isBest: isBest, record)
    observer.note(describe(record))
    let seconds = [
      ("steps", stepSeconds - waitedSeconds), ("validation", validationSeconds),
      ("saving", clock.seconds - record.seconds),
    ].map { "\($0) \(String(rounding: $1, digits: 3)) s" }.joined(separator: ", ")
    observer.detail(
      "epoch \(record.epoch): \(seconds), waited \(percent(waitedSeconds / clock.seconds)) for batches")
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
  private func isBest(_ record: EpochRecord) -> Bool {
    let isBetter = record.headline.map { value in state.bestMetric.map { value > $0 } ?? true }
    return isBetter ?? (state.bestMetric == nil)
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
