import MtagFeatures
import MtagModel
import MtagTraining
import Synchronization

/// A tagger that any thread may use, one at a time.
final class LockedTagger: Sendable {
  private let tagger: Mutex<Tagger>

  init(model: Model, extractor: any FeatureExtractor, threads: Int) throws {
    tagger = Mutex(try Tagger(model: model, extractor: extractor, threads: threads))
  }

  func tag(_ path: String, top: Int?, timeline: Bool) throws -> TagResult {
    try tagger.withLock { try $0.tag(path, top: top, timeline: timeline) }
  }
}
