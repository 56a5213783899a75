import MtagCore
import MtagData
import MtagFeatures
import MtagModel

/// Evaluates one network again and again as its weights change, in the same memory. Belongs to one thread at a time.
final class Evaluator {
  private var model: Model
  private let scorer: ChunkScorer
  private let observer: Observer

  init(_ model: Model, threads: Int, observer: Observer) throws {
    self.model = model
    self.observer = observer
    scorer = try ChunkScorer(model: model, threads: threads)
  }

  /// Goes on with other weights of the same network.
  func use(_ model: Model) throws {
    try scorer.use(model)
    self.model = model
  }

  /// As `Evaluation.evaluate`.
  func evaluate(
    _ dataset: Dataset, indices: [Int], features: FeatureSet, split: EvaluationReport.SplitName, chunks: Int
  ) throws -> EvaluationReport {
    let places = try Evaluation.labelPlaces(model, dataset)
    try observer.checkCancelled()
    let clips = indices.compactMap { index in features.maps[index].map { (index: index, map: $0) } }
    let scores = try scorer.scores(of: clips.map(\.map), count: chunks) { done in
      try observer.checkCancelled()
      observer.progress(ProgressUpdate(task: "evaluate", done: done, total: clips.count, unit: "clip"))
    }
    return Evaluation.report(
      labels: model.labels, isMultiLabel: model.isMultiLabel, scores: scores.map(ChunkScorer.mean),
      targets: clips.map { clip in dataset.tracks[clip.index].labels.map { places[$0] } }, split: split,
      skipped: features.skipped)
  }
}
