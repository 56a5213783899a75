public import MtagCore
import MtagFeatures
public import MtagTraining

/// What became of a clip that was to be tagged.
public enum TagOutcome: Sendable {
  /// Its tags.
  case tagged(TagResult)
  /// Why it has none.
  case failed(path: String, MtagError)
}

extension Zoo {
  /// Tags files and folders of files.
  /// - Parameters:
  ///   - arguments: files and folders.
  ///   - model: a run folder or model file; nil for the newest run.
  ///   - onnx: what an ONNX file does not say about itself.
  ///   - top: how many labels of each clip, best first.
  ///   - timeline: whether to give each chunk's tags too.
  ///   - each: gets every outcome, in the order of the files.
  /// - Throws: `MtagError` if no clip can be tried, or (badData, inputMissing) at the end if some failed.
  public func tag(
    _ arguments: [String], model: String? = nil, onnx: ONNXChoices = .init(), top: Int? = nil,
    timeline: Bool = false, threads: Int, observer: Observer = .silent, each: (TagOutcome) throws -> Void
  ) throws {
    let resolved = try self.model(model, onnx: onnx, observer: observer)
    let extractor = try FeatureExtractors.make(resolved.model.featureSpec)
    let clips = try ClipFinder.clips(arguments, observer: observer)
    let workers = max(1, min(threads, clips.count))
    // One file alone gets all the threads; of many, each worker takes one at a time.
    let taggers = try (0..<workers).map { _ in
      try LockedTagger(model: resolved.model, extractor: extractor, threads: threads / workers)
    }
    var errors: [MtagError] = []
    let batch = ClipBatch(paths: clips.map(\.path), threads: workers, task: "tag", observer: observer)
    try batch.run { (outcome: ClipBatch.Outcome<TagResult>) in
      if let error = outcome.error {
        errors.append(error)
        try each(.failed(path: outcome.path, error))
      } else if let result = outcome.value {
        for warning in result.warnings { observer.note(warning) }
        try each(.tagged(result))
      }
    } _: { path, worker in
      try taggers[worker].tag(path, top: top, timeline: timeline)
    }
    if let error = BatchFailure.error(errors, of: clips.count) { throw error }
  }
}
