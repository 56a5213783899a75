import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What was removed from a cache.
///
/// Only files that carry our names are ever removed; whatever else lies in the folder stays. Programs that use a map while
/// it is removed go on using it; its disk space is free when the last of them ends.
public struct CacheClearing: Encodable, Sendable {
  /// Maps that were removed.
  public private(set) var maps = 0
  /// Bytes of all files that were removed.
  public private(set) var bytes = 0
  /// Half-written files of programs that were killed.
  public private(set) var abandonedFiles = 0
  /// Maps that should be gone but cannot be removed, and why the first of them cannot.
  public private(set) var failures = 0
  private var reason = ""

  enum CodingKeys: String, CodingKey {
    case maps, bytes
    case abandonedFiles = "abandoned_files"
  }

  /// Removes maps; and the index that recognises sound files, if every map is asked for.
  /// - Parameters:
  ///   - specHashes: the specs whose maps go; nil for all.
  ///   - unusedSeconds: only maps that were not used for so long.
  /// - Throws: `MtagError`: inputMissing if the folder is none or cannot be read; inputOutput if another program keeps the
  ///   cache to itself.
  public static func clear(
    cacheFolder: String, specHashes: Set<String>? = nil, unusedSeconds: Double? = nil
  ) throws -> CacheClearing {
    try requireFolder(cacheFolder)
    let folder = cacheFolder.appendingPathComponent(FeatureCache.folderName)
    var result = CacheClearing()
    if FileKind.of(folder) == .folder {
      do {
        try CacheLedger(folder: folder).withLock { ledger in
          result.clearMaps(folder, specHashes, unusedSeconds)
          try ledger.set(CacheContents(folder: folder).bytes)
        }
      } catch let error as MtagError where error.kind == .cannotCreate {
        // No ledger, for instance because the disk is full: all the more reason to remove something.
        result.clearMaps(folder, specHashes, unusedSeconds)
      }
    }
    if specHashes == nil, unusedSeconds == nil { result.clearIndex(cacheFolder) }
    return result
  }

  /// - Throws: `MtagError` (inputOutput) if something that should be gone is still there.
  public func requireComplete() throws {
    guard failures > 0 else { return }
    throw MtagError(
      .inputOutput, "\(failures) files cannot be removed: \(reason); check the folder's permissions")
  }

  private mutating func clearMaps(_ folder: String, _ specHashes: Set<String>?, _ unusedSeconds: Double?) {
    let contents = CacheContents(folder: folder)
    let latest = unusedSeconds.map { FileStamp.now - Int(min($0, 1e9) * 1e9) } ?? .max
    for map in contents.maps
    where specHashes?.contains(map.specHash) ?? true && map.lastUsedNanoseconds <= latest {
      let outcome = contents.remove(map)
      if outcome.isGone {
        maps += 1
        bytes += map.bytes
      }
      if let failure = outcome.failure { fail(failure) }
    }
    for path in contents.abandoned {
      let size = FileStamp(ofFile: path)?.size ?? 0
      if remove(path, size) { abandonedFiles += 1 }
    }
    for specHash in contents.specHashes { contents.removeFolderIfEmpty(specHash) }
  }

  private mutating func clearIndex(_ cacheFolder: String) {
    let folder = cacheFolder.appendingPathComponent(ContentIndex.folderName)
    for name in CacheContents.names(in: folder) where ContentIndex.isFileName(name) {
      let path = folder.appendingPathComponent(name)
      if FileKind.of(path) == .file { _ = remove(path, FileStamp(ofFile: path)?.size ?? 0) }
    }
  }

  private mutating func remove(_ path: String, _ size: Int) -> Bool {
    guard unlink(path) == 0 || errno == ENOENT else {
      fail(String(cString: strerror(errno)))
      return false
    }
    bytes += size
    return true
  }

  private mutating func fail(_ why: String) {
    if failures == 0 { reason = why }
    failures += 1
  }

  /// - Throws: `MtagError` (inputMissing) if something else than a folder is there, or one that cannot be read.
  static func requireFolder(_ path: String) throws {
    switch FileKind.of(path) {
    case .missing: return
    case .folder:
      guard access(path, R_OK | X_OK) != 0 else { return }
      throw MtagError(
        .inputMissing, "the cache folder \(path) cannot be read: \(String(cString: strerror(errno)))")
    case .file, .other:
      throw MtagError(.inputMissing, "the cache folder \(path) is no folder; set MTAG_CACHE to one")
    }
  }

  /// The specs in a cache: their hashes, with the names that they had.
  public static func specs(cacheFolder: String) -> [(sha256: String, name: String?)] {
    let contents = CacheContents(folder: cacheFolder.appendingPathComponent(FeatureCache.folderName))
    return contents.specHashes.map { ($0, contents.specName($0)) }
  }
}
