import Foundation
public import MtagCore
import MtagData
import MtagEngine
import MtagFeatures
import MtagGraph
import MtagModel
public import MtagTraining

extension Zoo {
  /// Trains a model into a new run folder.
  /// - Parameters:
  ///   - configuration: the recipe; a missing split is chosen to suit the data set.
  ///   - runFolder: nil makes one under the runs folder, named after date and model.
  /// - Throws: `MtagError`; interrupted after saving.
  public func train(
    _ configuration: TrainingConfiguration, runFolder: String? = nil, observer: Observer = .silent
  ) throws -> TrainingReport {
    try configuration.validate()
    var job = try job(configuration, runFolder: runFolder ?? "", observer: observer)
    if runFolder == nil {
      job.runFolder = try freshRunFolder(model: try architecture(named: configuration.model).card.name)
    }
    return try Trainer.train(job, observer: observer)
  }

  /// Goes on with a run.
  /// - Parameter threads: nil for as many as the run had; they change no result.
  public func resume(_ runFolder: String, threads: Int? = nil, observer: Observer = .silent) throws
    -> TrainingReport
  {
    let folder = RunFolder(runFolder)
    guard FileManager.default.fileExists(atPath: folder.configuration) else {
      throw MtagError(
        .inputMissing,
        "\(runFolder) holds no config.yaml, so it is not a run; \(suggestion(for: runFolder, among: runs()))")
    }
    var configuration = try TrainingConfiguration.load(folder.configuration)
    if let threads { configuration.threads = threads }
    // A checkpoint holds the weights; what they began as need not be there any more.
    let isStarted = FileManager.default.fileExists(atPath: folder.last)
    let job = try job(
      configuration, runFolder: runFolder, observer: observer, readsInitialWeights: !isStarted)
    return try Trainer.resume(job, observer: observer)
  }

  /// Resolves all names of a configuration.
  package func job(
    _ configuration: TrainingConfiguration, runFolder: String, observer: Observer,
    readsInitialWeights: Bool = true
  ) throws -> TrainingJob {
    var configuration = configuration
    let entry = try architecture(named: configuration.model)
    // Before clips are listed or made: two labels are the fewest there can be.
    let outline = try ArchitectureOutline(
      self, entry, overrides: configuration.overrides, features: configuration.features, labels: 2)
    try outline.check(cropFrames: configuration.cropFrames)
    let extractor = try FeatureExtractors.make(outline.features.spec)
    configuration.features = extractor.spec.name
    if entry.declaredText != nil, Self.isModelFile(configuration.model) {
      configuration.model = RunFolder.architectureName
    }
    configuration.dataset = Self.absolute(configuration.dataset)
    let dataset = try dataset(configuration.dataset, label: configuration.label, observer: observer)
    let splitText = configuration.split ?? Split.defaultText(for: dataset)
    let split = try Split.make(splitText, dataset: dataset, seed: configuration.seed)
    configuration.split = splitText
    for note in split.notes { observer.note(note) }
    observer.note(
      "split \(split.name): \(split.train.count) train, \(split.valid.count) valid, \(split.test.count) test, "
        + "sha256 \(split.sha256.prefix(12))")
    let source = try entry.architecture(overrides: configuration.overrides)
    let graph = try ModelFit(source, spec: extractor.spec).graph(labels: dataset.labels.count)
    try NetworkResources.require(graph, threads: configuration.threads, isTraining: true)
    var weights = Weights(initializing: try graph.parameters(), seed: configuration.seed)
    if let path = configuration.initialWeights {
      configuration.initialWeights = Self.absolute(path)
      if readsInitialWeights {
        configuration.initialWeightsSHA256 = try warmStart(
          path, expectedSHA256: configuration.initialWeightsSHA256,
          axes: configuration.initialAxes ?? .bandsFrames,
          into: &weights, graph: graph, features: extractor.spec, labels: dataset.labels, observer: observer)
      }
    }
    return TrainingJob(
      configuration: configuration, dataset: dataset, split: split, graph: graph, extractor: extractor,
      architectureText: configuration.model == RunFolder.architectureName ? entry.declaredText : nil,
      chunkFrames: outline.chunkFrames, initialWeights: weights, cacheFolder: cacheFolder,
      cacheLimit: cacheLimit,
      runFolder: runFolder)
  }

  /// Makes an empty folder that no other program that starts in the same second has.
  /// - Throws: `MtagError` (cannotCreate).
  package func freshRunFolder(model: String) throws -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyy-MM-dd-HHmmss"
    let base = "\(runsFolder)/\(formatter.string(from: Date()))-\(model)"
    var folder = base
    var number = 2
    try AtomicFile.makeFolder(runsFolder)
    while try !AtomicFile.claimFolder(folder) {
      folder = "\(base)-\(number)"
      number += 1
    }
    return folder
  }
}
