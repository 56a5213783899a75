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
    if runFolder == nil { job.runFolder = try freshRunFolder(model: configuration.model) }
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
    return try Trainer.resume(
      try job(configuration, runFolder: runFolder, observer: observer), observer: observer)
  }

  /// Resolves all names of a configuration.
  package func job(
    _ configuration: TrainingConfiguration, runFolder: String, observer: Observer
  ) throws -> TrainingJob {
    var configuration = configuration
    let architecture = try architectures.item(named: configuration.model).entry
      .architecture(overrides: configuration.overrides)
    let extractor = try extractor(named: configuration.features)
    configuration.features = extractor.spec.name
    // Before clips are listed or made: two labels are the fewest there can be.
    try ModelFit(architecture, spec: extractor.spec).check(cropFrames: configuration.cropFrames)
    configuration.dataset = Self.absolute(configuration.dataset)
    let dataset = try dataset(configuration.dataset, label: configuration.label, observer: observer)
    let splitText = configuration.split ?? Split.defaultText(for: dataset)
    let split = try Split.make(splitText, dataset: dataset, seed: configuration.seed)
    configuration.split = splitText
    for note in split.notes { observer.note(note) }
    observer.note(
      "split \(split.name): \(split.train.count) train, \(split.valid.count) valid, \(split.test.count) test, "
        + "sha256 \(split.sha256.prefix(12))")
    let graph = try ModelFit(architecture, spec: extractor.spec).graph(labels: dataset.labels.count)
    try NetworkResources.require(graph, threads: configuration.threads, isTraining: true)
    var weights = Weights(initializing: try graph.parameters(), seed: configuration.seed)
    if let path = configuration.initialWeights {
      configuration.initialWeights = Self.absolute(path)
      try take(path, into: &weights, features: extractor.spec, observer: observer)
    }
    return TrainingJob(
      configuration: configuration, dataset: dataset, split: split, graph: graph, extractor: extractor,
      initialWeights: weights, cacheFolder: cacheFolder, cacheLimit: cacheLimit,
      runFolder: runFolder)
  }

  /// Takes the tensors of a model file that fit by name and shape; the others (a head for other labels) stay fresh.
  private func take(
    _ path: String, into weights: inout Weights, features: FeatureSpec, observer: Observer
  ) throws {
    let model = try Model.load(path)
    try model.requireFrontEnd(features)
    let source = model.weights
    let shapes = Dictionary(
      source.parameters.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
    let fitting = weights.parameters.filter { shapes[$0.name] == $0.shape }
    guard !fitting.isEmpty else {
      throw MtagError(.badData, "\(path): no tensor fits this model by name and shape; start without --init")
    }
    for parameter in fitting { weights[parameter.name] = source[parameter.name] }
    observer.note("\(fitting.count) of \(weights.parameters.count) tensors start from \(path)")
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
