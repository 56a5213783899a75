import MtagCore
public import MtagFeatures
import MtagGraph
public import MtagModel

/// Tags clips of any length with one model. Belongs to one thread at a time.
public final class Tagger {
  private let model: Model
  private let extractor: any FeatureExtractor
  private let scorer: ChunkScorer

  /// Prepares a model for tagging.
  /// - Throws: `MtagError` (badData) if model and extractor disagree about the front-end.
  public init(model: Model, extractor: any FeatureExtractor, threads: Int) throws {
    try model.requireFrontEnd(extractor.spec)
    self.model = model
    self.extractor = extractor
    scorer = try ChunkScorer(model: model, threads: threads)
  }

  /// Tags one file: it is cut into as many evenly spaced chunks as cover it, and their scores are averaged. A clip shorter
  /// than a chunk is repeated to fill one.
  /// - Parameters:
  ///   - top: how many labels to name, best first; nil names all.
  ///   - timeline: whether to give each chunk's tags too.
  /// - Throws: `MtagError` naming the file and the reason.
  public func tag(_ path: String, top: Int? = nil, timeline: Bool = false) throws -> TagResult {
    let clip = try ClipFeatures.load(path, extractor: extractor)
    let frames = clip.map.frames
    let count = max(1, (frames + model.chunkFrames - 1) / model.chunkFrames)
    let scores = try scorer.scores(of: clip.map, count: count)
    let named = top ?? model.labels.count
    let sections = timeline ? self.sections(scores, clip: clip, top: named) : nil
    var warnings = clip.warnings
    let least = try model.graph.minimumFrames()
    if frames < least {
      warnings.append(
        "\(path): \(frames) frame\(frames == 1 ? "" : "s"), shorter than the \(least) that \(model.graph.name) needs; it is repeated"
      )
    }
    return TagResult(
      path: path, tags: TagResult.best(ChunkScorer.mean(scores), labels: model.labels, count: named),
      seconds: clip.seconds, timeline: sections, warnings: warnings)
  }

  /// Where each chunk lies: the first starts the clip, the last ends it, the others are evenly between.
  private func sections(_ scores: [[Float]], clip: ClipFeatures, top: Int) -> [TagResult.Section] {
    let secondsPerFrame = Double(extractor.spec.hopLength) / Double(extractor.spec.sampleRateHz)
    let room = Double(max(0, clip.map.frames - model.chunkFrames)) * secondsPerFrame
    let length = Double(model.chunkFrames) * secondsPerFrame
    return scores.enumerated().map { index, chunk in
      let start = scores.count > 1 ? room * Double(index) / Double(scores.count - 1) : 0
      return TagResult.Section(
        start: start, end: min(start + length, clip.seconds),
        tags: TagResult.best(chunk, labels: model.labels, count: top))
    }
  }
}

extension Model {
  /// Refuses features of another front-end than the model was trained with.
  /// - Throws: `MtagError` (badData) naming the fields that differ.
  package func requireFrontEnd(_ spec: FeatureSpec) throws {
    let differences = spec.differences(from: featureSpec)
    guard differences.isEmpty else {
      throw MtagError(
        .badData,
        "the features do not fit model '\(graph.name)' (\(differences.joined(separator: "; "))); use \(featureSpec.name)"
      )
    }
  }
}
