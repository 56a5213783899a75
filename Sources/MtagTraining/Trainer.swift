import Foundation
public import MtagCore
import MtagData
import MtagFeatures
import MtagGraph
import MtagModel

/// Trains a model into a run folder, or goes on with a run that was stopped.
public enum Trainer {
  /// Starts a new run.
  /// - Throws: `MtagError`: cannotCreate if the folder holds a run already; interrupted after saving, if the user stopped
  ///   it; badData if the loss is no longer a number.
  public static func train(_ job: TrainingJob, observer: Observer) throws -> TrainingReport {
    let start = ContinuousClock.now
    try check(job)
    let folder = RunFolder(job.runFolder)
    try folder.create()
    return try RunLock.hold(folder) { try begin(job, folder, at: start, observer: observer) }
  }

  private static func begin(
    _ job: TrainingJob, _ folder: RunFolder, at start: ContinuousClock.Instant, observer: Observer
  ) throws -> TrainingReport {
    try folder.write(job.split, of: job.dataset)
    if let text = job.architectureText { try AtomicFile.write(text, to: folder.architecture) }
    // Written before the long work, so that a run stopped there can be resumed; with a time budget it is not yet known.
    if job.configuration.timeBudgetSeconds == nil {
      try AtomicFile.write(try job.configuration.yaml(), to: folder.configuration)
    }
    let data = try TrainingData(job, observer: observer)
    let isCropChosen = job.configuration.cropFrames != nil
    var job = try data.fitCrop(job, observer: observer)
    if let budget = job.configuration.timeBudgetSeconds {
      let left = budget - start.duration(to: .now).seconds
      job.configuration.epochs = try TimeBudget.epochs(job, data: data, seconds: left, observer: observer)
      observer.note("\(job.configuration.epochs) epochs fit into the time given")
      try AtomicFile.write(try job.configuration.yaml(), to: folder.configuration)
    } else if !isCropChosen {
      try AtomicFile.write(try job.configuration.yaml(), to: folder.configuration)
    }
    return try TrainingLoop(job, data: data, observer: observer).run()
  }

  /// Goes on with the run in `job.runFolder` from its last checkpoint, to the same bytes of weights as a run that was
  /// never stopped. `job.configuration` is the folder's `config.yaml`; only its number of threads may differ.
  /// - Throws: as `train`; badData if configuration, data or front-end are not those of the checkpoint.
  public static func resume(_ job: TrainingJob, observer: Observer) throws -> TrainingReport {
    try check(job)
    let folder = RunFolder(job.runFolder)
    return try RunLock.hold(folder) {
      let data = try TrainingData(job, observer: observer)
      let loop = try TrainingLoop(try data.fitCrop(job, observer: observer), data: data, observer: observer)
      if FileManager.default.fileExists(atPath: folder.last) {
        try loop.restore()
      } else {
        observer.note("\(job.runFolder) has no checkpoint yet; starting at epoch 1")
      }
      return try loop.run()
    }
  }

  private static func check(_ job: TrainingJob) throws {
    try job.configuration.validate()
    let minimum = try job.graph.minimumFrames()
    guard job.cropFrames >= minimum else {
      throw MtagError(
        .usage,
        "a crop of \(job.cropFrames) frames is too short for \(job.graph.name): "
          + "it needs \(minimum); use --crop \(minimum) or more")
    }
    if let longest = try job.graph.maximumFrames(), job.cropFrames > longest {
      throw MtagError(
        .usage,
        "a crop of \(job.cropFrames) frames is too long for \(job.graph.name): it takes at most \(longest); "
          + "use --crop \(longest) or less")
    }
    guard job.dataset.isMultiLabel || job.dataset.labels.count >= 2 else {
      throw MtagError(
        .badData, "\(job.dataset.name) has \(job.dataset.labels.count) label; training needs at least two")
    }
  }
}

/// What is computed from the clips before the first step.
struct TrainingData {
  let features: FeatureSet
  let standardization: Standardization
  /// Training clips that could be read.
  let train: [Int]
  /// Validation clips that could be read.
  let valid: [Int]

  init(_ job: TrainingJob, observer: Observer) throws {
    let start = ContinuousClock.now
    let wanted = (job.split.train + job.split.valid).sorted()
    features = try FeatureSet.compute(
      job.dataset, indices: wanted, extractor: job.extractor, cacheFolder: job.cacheFolder,
      cacheLimit: job.cacheLimit, threads: job.configuration.threads, observer: observer)
    let features = features
    train = job.split.train.filter { features.maps[$0] != nil }
    valid = job.split.valid.filter { features.maps[$0] != nil }
    guard !train.isEmpty else {
      let reason = features.skipped.first.map { " (\($0.path): \($0.reason))" } ?? ""
      throw MtagError(.badData, "\(job.dataset.name): no clip to train on could be read\(reason)")
    }
    if !features.skipped.isEmpty {
      let count = features.skipped.count
      observer.note("\(count) \(count == 1 ? "clip" : "clips") set aside, training goes on")
    }
    // What is repeated to fill a crop can be learned from; what is shorter than the network's reach hardly.
    let least = try job.graph.minimumFrames()
    let short = (train + valid).count { features.maps[$0].map { $0.frames < least } ?? false }
    if short > 0 {
      observer.note(
        "\(short) of \(train.count + valid.count) clips are shorter than the \(least) frames that \(job.graph.name) "
          + "needs; they are repeated to fill a crop")
    }
    if valid.isEmpty { observer.note("no clip to validate on; the last epoch counts as the best") }
    let statistics = features.standardization(
      indices: train, threads: job.configuration.threads)
    // Silence alone has no deviation; dividing by it would make every value infinite.
    let deviation = statistics.deviation > 0 ? statistics.deviation : 1
    standardization =
      job.graph.readsPower
      ? Standardization() : Standardization(mean: statistics.mean, deviation: deviation)
    let seconds = String(rounding: start.duration(to: .now).seconds, digits: 2)
    observer.detail("features: \(wanted.count) clips, \(features.cachedCount) from the cache, \(seconds) s")
  }

  /// The job with the crop filled in. An architecture's own crop is no longer than the longest clip: what lies beyond would be the
  /// same sound again.
  func fitCrop(_ job: TrainingJob, observer: Observer) throws -> TrainingJob {
    guard job.configuration.cropFrames == nil else { return job }
    var job = job
    var crop = job.cropFrames
    if job.chunkFrames != nil {
      let longest = (train + valid).compactMap { features.maps[$0]?.frames }.max() ?? crop
      let fitting = try max(min(crop, longest), job.graph.minimumFrames())
      if fitting < crop {
        observer.note(
          "\(job.graph.name) is made for crops of \(crop) frames, and the longest clip has \(longest): crops of \(fitting)"
        )
      }
      crop = fitting
    }
    job.configuration.cropFrames = crop
    return job
  }

  func loader(_ job: TrainingJob) -> BatchLoader {
    BatchLoader(
      features: features, dataset: job.dataset, indices: train, batchSize: job.configuration.batchSize,
      cropFrames: job.cropFrames,
      standardization: (mean: standardization.mean, deviation: standardization.deviation),
      seed: job.configuration.seed)
  }
}

extension Duration {
  /// The duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
