import MtagAudio
public import MtagCore
public import MtagFeatures
import Synchronization

extension FeatureSet {
  /// Computes the features of some tracks on several threads, or reads them from the cache.
  ///
  /// A map is found again by its `FeatureSpec` and by the bytes of its sound file, wherever that lies and whatever it is
  /// called; a file that did not change since it was last seen is recognised without being read. A clip that cannot be read
  /// is set aside with its reason, and noted; the others go on. Sound is read block by block: memory is that of the maps.
  ///
  /// - Parameters:
  ///   - indices: the tracks wanted, as indices into `dataset.tracks`.
  ///   - cacheFolder: where maps are kept, under `features/`; nil keeps none.
  ///   - threads: how many clips are worked on at once, at least 1.
  ///   - observer: told of every clip done (unit `clip`), and every skipped or odd one.
  /// - Throws: `MtagError`: interrupted; badData if no clip at all can be used; cannotCreate or inputOutput if the cache
  ///   cannot be written.
  public static func compute(
    _ dataset: Dataset, indices: [Int], extractor: any FeatureExtractor, cacheFolder: String?, threads: Int,
    observer: Observer
  ) throws -> FeatureSet {
    let cache = try cacheFolder.map { try FeatureCache(cacheFolder: $0, specHash: extractor.spec.sha256()) }
    let contents = cacheFolder.map { ContentIndex(cacheFolder: $0) }
    let maker = FeatureMaker(extractor: extractor, cache: cache, contents: contents, observer: observer)
    let done = Atomic<Int>(0)
    let results = ParallelExecutor(threads: threads).map(indices) { index in
      let result = Result { try maker.features(ofFile: dataset.tracks[index].path) }
      let count = done.wrappingAdd(1, ordering: .relaxed).newValue
      if !observer.isCancelled() {
        observer.progress(ProgressUpdate(task: "features", done: count, total: indices.count, unit: "clip"))
      }
      return result
    }
    do {
      try contents?.save()
    } catch {
      // The index only saves reading files again; a cache that holds all features may well be read-only.
      observer.detail("\(error); the clips will be read again to be recognised")
    }
    try observer.checkCancelled()

    var maps = [FeatureMap?](repeating: nil, count: dataset.tracks.count)
    var skipped: [SkippedClip] = []
    var cachedCount = 0
    for (index, result) in zip(indices, results) {
      let path = dataset.tracks[index].path
      switch result {
      case .success(let features):
        maps[index] = features.entry.map
        cachedCount += features.isCached ? 1 : 0
        for warning in features.entry.warnings {
          observer.note(SkippedClip(path: path, reason: warning).line)
        }
      case .failure(let error as MtagError) where [.inputMissing, .badData].contains(error.kind):
        let clip = SkippedClip(path: path, reason: error.message)
        skipped.append(clip)
        observer.note("skipped \(clip.line)")
      case .failure(let error): throw error
      }
    }
    if let first = skipped.first, skipped.count == indices.count {
      throw MtagError(
        .badData,
        "none of the \(indices.count) clips of '\(dataset.name)' can be used; the first: \(first.reason)")
    }
    return FeatureSet(maps: maps, skipped: skipped, cachedCount: cachedCount)
  }
}

/// Makes one map at a time; shared by the threads.
private struct FeatureMaker {
  let extractor: any FeatureExtractor
  let cache: FeatureCache?
  let contents: ContentIndex?
  let observer: Observer

  func features(ofFile path: String) throws -> (entry: FeatureCache.Entry, isCached: Bool) {
    try observer.checkCancelled()
    try FileKind.requireFile(path)
    let hash = try contents?.hash(ofFile: path)
    if let cache, let hash, let entry = cache.read(contentHash: hash, bands: extractor.bands) {
      return (entry, true)
    }
    let reader = try AudioReader(path: path, sampleRateHz: extractor.spec.sampleRateHz)
    let stream = try extractor.makeStream()
    while true {
      try observer.checkCancelled()
      let block = try reader.nextBlock()
      if block.isEmpty { break }
      try block.withUnsafeBufferPointer { try stream.push($0) }
    }
    // The cache keeps no name: the same sound may be found again under another one.
    let warnings = reader.warnings.map { $0.dropping(prefix: "\(path): ") }
    let entry = FeatureCache.Entry(map: try stream.finish(), warnings: warnings)
    if let cache, let hash { try cache.write(entry, contentHash: hash) }
    return (entry, false)
  }
}
