import MtagAudio
public import MtagCore
public import MtagFeatures
import Synchronization

extension FeatureSet {
  /// Computes the features of some tracks on several threads, or reads them from the cache.
  ///
  /// A map is found again by its `FeatureSpec` and by the bytes of its sound file, wherever that lies and whatever it is
  /// called; a file that did not change since it was last seen is recognised without being read. A clip that cannot be read
  /// is set aside with its reason, and noted; the others go on. Sound is read block by block, and finished maps stay in files
  /// that are mapped into memory. A map has the same values whether it was cached, kept or not: where 16 bits a value cost
  /// less than 0.01 dB, it is rounded to those from the start.
  ///
  /// - Parameters:
  ///   - indices: the tracks wanted, as indices into `dataset.tracks`.
  ///   - cacheFolder: where maps are kept, under `features/`; nil keeps none.
  ///   - cacheLimit: how large all maps there may be together. What finds no room lives as long as the set.
  ///   - threads: how many clips are worked on at once, at least 1.
  ///   - observer: told of every clip done (unit `clip`), and every skipped or odd one.
  /// - Throws: `MtagError`: interrupted; badData if no clip at all can be used; cannotCreate if there is no cache folder and
  ///   none can be made; inputOutput if maps find no room anywhere. A cache that is read-only or full is a problem noted.
  public static func compute(
    _ dataset: Dataset, indices: [Int], extractor: any FeatureExtractor, cacheFolder: String?,
    cacheLimit: CacheLimit = .automatic, threads: Int, observer: Observer
  ) throws -> FeatureSet {
    let store = try FeatureMapStore(extractor: extractor, cacheFolder: cacheFolder, limit: cacheLimit)
    let contents = cacheFolder.map { ContentIndex(cacheFolder: $0) }
    let maker = FeatureMaker(extractor: extractor, store: store, contents: contents, observer: observer)
    let done = Atomic<Int>(0)
    @Sendable func countOne() {
      let count = done.wrappingAdd(1, ordering: .relaxed).newValue
      if observer.isCancelled() { return }
      observer.progress(ProgressUpdate(task: "features", done: count, total: indices.count, unit: "clip"))
    }
    // What is there first: so no new map takes the place of one that this very run is about to use.
    let executor = ParallelExecutor(threads: threads)
    let found = executor.map(indices) { index in
      let result = Result { try maker.lookUp(dataset.tracks[index].path) }
      if case .success(let clip) = result, clip.entry == nil { return result }
      countOne()
      return result
    }
    let results = executor.map(found) {
      found -> Result<(entry: FeatureMapFile.Entry, isCached: Bool), any Error> in
      Result {
        let clip = try found.get()
        if let entry = clip.entry { return (entry: entry, isCached: true) }
        defer { countOne() }
        return try maker.features(clip)
      }
    }
    do {
      try contents?.save()
    } catch {
      // The index only saves reading files again; a cache that holds all features may well be read-only.
      observer.detail("\(error); the clips will be read again to be recognised")
    }
    store.report(to: observer)
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
  let store: FeatureMapStore
  let contents: ContentIndex?
  let observer: Observer

  /// A clip that was looked for in the cache.
  struct Clip {
    let path: String
    /// The file as it was before its bytes were hashed.
    let stamp: FileStamp?
    let hash: String?
    let entry: FeatureMapFile.Entry?
  }

  func lookUp(_ path: String) throws -> Clip {
    try observer.checkCancelled()
    try FileKind.requireFile(path)
    let stamp = FileStamp(ofFile: path)
    let hash = try contents?.hash(ofFile: path)
    return Clip(path: path, stamp: stamp, hash: hash, entry: hash.flatMap { store.read(contentHash: $0) })
  }

  func features(_ clip: Clip) throws -> (entry: FeatureMapFile.Entry, isCached: Bool) {
    try observer.checkCancelled()
    // Another program, or another track with the same sound, may have been faster.
    if let hash = clip.hash, let entry = store.read(contentHash: hash) { return (entry, true) }
    let path = clip.path
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
    let entry = FeatureMapFile.Entry(map: try stream.finish(), warnings: warnings)
    // A file that changed since it was hashed does not have that hash any more.
    let isSame = clip.stamp != nil && FileStamp(ofFile: path) == clip.stamp
    return (try store.keep(entry, contentHash: isSame ? clip.hash : nil), false)
  }
}
