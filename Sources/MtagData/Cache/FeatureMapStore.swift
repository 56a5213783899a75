import MtagCore
import MtagFeatures
import Synchronization

/// Where the maps of one run come from and go to: the cache; where that has no room or cannot be written to, nameless
/// temporary files; where those cannot be had either, memory. Always in the same form, so that the values do not depend on
/// it, nor on whether a map was there already.
final class FeatureMapStore: Sendable {
  typealias Entry = FeatureMapFile.Entry

  private struct Tally {
    /// Bytes of all maps, kept or not.
    var bytes = 0
    var unkept = 0
    var unkeptBytes = 0
    var removed = CacheBudget.Removed()
    /// The size of the smallest map that found no room: a larger one need not ask.
    var smallestRefused = Int.max
    /// Why the cache cannot be written to.
    var failure: String?
  }

  private let cache: FeatureCache?
  private let specHash: String
  private let shape: MapShape
  private let unit: String
  private let cacheFolder: String?
  private let limit: CacheLimit
  private let mappings = MappingCount()
  private let tally = Mutex(Tally())

  /// So much stays free on the disk of the temporary files.
  private static let leastFreeBytes = 1_000_000_000

  /// - Parameter cacheFolder: nil keeps nothing.
  /// - Throws: `MtagError` (cannotCreate) if the cache folder is not there and cannot be made.
  init(extractor: any FeatureExtractor, cacheFolder: String?, limit: CacheLimit) throws {
    let spec = extractor.spec
    specHash = try spec.sha256()
    (shape, unit) = (extractor.shape, extractor.axes.valueUnit)
    (self.cacheFolder, self.limit) = (cacheFolder, limit)
    let mappings = mappings
    cache = try cacheFolder.map {
      try FeatureCache(cacheFolder: $0, spec: spec, limit: limit, mappings: mappings)
    }
    guard let cache, let cacheFolder else { return }
    do {
      let removed = try cache.prepare()
      tally.withLock { $0.removed = removed }
    } catch let error as MtagError {
      guard FileKind.of(cacheFolder) == .folder else { throw error }
      // What is in it can still be read.
      tally.withLock { $0.failure = error.message }
    }
  }

  /// The map of a sound, if the cache has it.
  func read(contentHash: String) -> Entry? {
    guard let cache, let entry = cache.read(contentHash: contentHash, shape: shape) else {
      return nil
    }
    let bytes = entry.map.storage.byteCount
    tally.withLock { $0.bytes += bytes }
    return entry
  }

  /// Keeps a new map, for good or for this run.
  /// - Parameter contentHash: nil if the sound has none, because there is no cache or its file is changing; it is then for
  ///   this run only.
  /// - Returns: the map as it is read back.
  /// - Throws: `MtagError` (inputOutput) if there is neither disk nor memory for it.
  func keep(_ entry: Entry, contentHash: String?) throws -> Entry {
    precondition(
      entry.map.bands == shape.bands && entry.map.channels == shape.channels, "a map of another extractor")
    let name = contentHash ?? String(repeating: "0", count: 64)
    let map = FeatureMapFile(entry, unit: unit, specHash: specHash, contentHash: name)
    let file = try written(map, contentHash: contentHash)
    guard
      let kept = FeatureMapFile.entry(
        in: file, specHash: specHash, contentHash: name, shape: shape)
    else {
      throw MtagError(.inputOutput, "features that were just written cannot be read back; check the disk")
    }
    return kept
  }

  private func written(_ map: FeatureMapFile, contentHash: String?) throws -> MappedFile {
    guard let cache, let contentHash else { return try unkept(map) }
    let isWorthTrying = tally.withLock { tally in
      tally.bytes += map.byteCount
      return tally.failure == nil && map.byteCount < tally.smallestRefused
    }
    if isWorthTrying {
      do {
        let (file, removed) = try cache.write(map, contentHash: contentHash)
        tally.withLock { tally in
          tally.removed += removed
          if file == nil { tally.smallestRefused = min(tally.smallestRefused, map.byteCount) }
        }
        if let file { return file }
      } catch let error as MtagError {
        tally.withLock { $0.failure = $0.failure ?? error.message }
      }
    }
    tally.withLock { tally in
      tally.unkept += 1
      tally.unkeptBytes += map.byteCount
    }
    return try unkept(map)
  }

  private func unkept(_ map: FeatureMapFile) throws -> MappedFile {
    if let file = try? temporary(map) { return file }
    let file = try MappedFile(count: map.byteCount) { memory in
      var offset = 0
      try map.write { bytes in
        UnsafeMutableRawBufferPointer(rebasing: memory[offset...]).copyMemory(from: bytes)
        offset += bytes.count
      }
    }
    guard let file else {
      throw MtagError(
        .inputOutput,
        "no memory for \(ByteCount.text(map.byteCount)) of features, and no room in the cache or the temporary folder; "
          + "raise --cache-limit, free disk space or set TMPDIR")
    }
    return file
  }

  private func temporary(_ map: FeatureMapFile) throws -> MappedFile? {
    let room = DiskSpace.freeBytes(TemporaryFile.folder) ?? 0
    guard room - map.byteCount > Self.leastFreeBytes, mappings.mayMap() else { return nil }
    let file = try TemporaryFile()
    var place = 0
    try map.write { bytes in
      try file.write(bytes, atByte: place)
      place += bytes.count
    }
    return try file.map(isReadWhole: true)
  }

  /// Says once, with numbers, what the cache could not keep and what it removed.
  func report(to observer: Observer) {
    let tally = tally.withLock { $0 }
    if tally.removed.maps > 0 {
      observer.detail(
        "cache: \(tally.removed.maps) maps (\(ByteCount.text(tally.removed.bytes))) that were not used for the longest "
          + "time were removed to stay within the limit")
    }
    guard let cache, let cacheFolder, tally.unkept > 0 else { return }
    let what = "\(tally.unkept) maps (\(ByteCount.text(tally.unkeptBytes)))"
    if let failure = tally.failure {
      observer.problem("the cache \(cacheFolder) cannot keep \(what), they are for this run only: \(failure)")
    } else if limit == .bytes(0) {
      observer.detail("cache: \(what) are for this run only, as --cache-limit 0 asks")
    } else {
      observer.note(
        "\(what) do not fit into the cache's limit of \(ByteCount.text(cache.limitBytes)) and are for this run only; all of "
          + "this data set needs --cache-limit \(tally.bytes / 1_000_000 + 1)MB")
    }
  }
}
