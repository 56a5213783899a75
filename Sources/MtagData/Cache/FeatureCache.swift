import Foundation
import MtagCore
import MtagFeatures
import Synchronization

/// Feature maps of one spec on disk: one file a map, under `features/<spec SHA-256>/<content SHA-256>.features`, in the form
/// of `FeatureMapFile`.
///
/// Files appear under their names only when complete and are never changed, so any number of processes may share a folder,
/// read, write and clear it. A map stays readable for who has it, even when its file is removed. An entry that is not whole
/// and right is taken for missing, and written anew.
final class FeatureCache: Sendable {
  private let folder: String
  private let spec: FeatureSpec
  private let specHash: String
  private let budget: CacheBudget
  /// Maps that this run has, which must stay.
  private let used = Mutex<Set<String>>([])
  private let mappings: MappingCount

  /// Where the maps of all specs are, in the cache folder.
  static let folderName = "features"

  /// Opens a cache; nothing is made before `prepare`.
  /// - Throws: `MtagError` (usage) if the spec has no hash.
  init(cacheFolder: String, spec: FeatureSpec, limit: CacheLimit, mappings: MappingCount) throws {
    folder = cacheFolder.appendingPathComponent(Self.folderName)
    self.spec = spec
    self.mappings = mappings
    specHash = try spec.sha256()
    budget = CacheBudget(folder: folder, limit: limit)
  }

  /// The limit in bytes, as things are now.
  var limitBytes: Int { budget.limitBytes }

  /// Makes the folder, and removes what is too much already.
  /// - Throws: `MtagError` if the folder cannot be made or written to.
  func prepare() throws -> CacheBudget.Removed {
    try makeFolder()
    return try budget.enforce()
  }

  /// The file of a sound's map and the map in it, or nil if there is no whole and right one.
  func read(contentHash: String, shape: MapShape) -> FeatureMapFile.Entry? {
    let descriptor = open(path(contentHash), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // Marked as used before it is looked at: whoever makes room sees that.
    futimens(descriptor, nil)
    guard let file = MappedFile(descriptor: descriptor, copies: !mappings.mayMap(), isReadWhole: true),
      let entry = FeatureMapFile.entry(
        in: file, specHash: specHash, contentHash: contentHash, shape: shape)
    else { return nil }
    use(contentHash)
    return entry
  }

  /// Keeps a map.
  /// - Returns: the file that was written, or nil if there is no room for it; and what had to go for it.
  /// - Throws: `MtagError` (cannotCreate, inputOutput), for instance when the disk is full.
  func write(_ map: FeatureMapFile, contentHash: String) throws -> (
    file: MappedFile?, removed: CacheBudget.Removed
  ) {
    let path = path(contentHash)
    let isMine = { (other: CacheContents.MapFile) in
      other.specHash == self.specHash && self.used.withLock { $0.contains(other.contentHash) }
    }
    let (file, removed) = try budget.write(map.byteCount, path: path, isUsed: isMine) {
      try write(map, to: path)
    }
    if file != nil { use(contentHash) }
    return (file ?? nil, removed)
  }

  // MARK: - Helpers

  private func write(_ map: FeatureMapFile, to path: String) throws -> MappedFile? {
    func attempt() throws -> MappedFile? {
      var file: MappedFile?
      try AtomicFile.write(to: path, isSynced: false) { handle in
        try map.write { try handle.append($0) }
        file = handle.mapped(copies: !mappings.mayMap(), isReadWhole: true)
      }
      return file
    }
    do {
      return try attempt()
    } catch let error as MtagError where error.kind == .cannotCreate {
      // Another program may have cleared the cache, its folders included.
      try makeFolder()
      return try attempt()
    }
  }

  /// Makes the folder of a spec, with a file that says which spec that is.
  private func makeFolder() throws {
    let specFolder = folder.appendingPathComponent(specHash)
    try AtomicFile.makeFolder(specFolder)
    let path = specFolder.appendingPathComponent(CacheContents.specName)
    guard FileKind.of(path) == .missing else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let text = try? encoder.encode(spec) else { return }
    try AtomicFile.write(text, to: path)
  }

  private func path(_ contentHash: String) -> String {
    CacheContents.path(folder: folder, specHash: specHash, contentHash: contentHash)
  }

  private func use(_ contentHash: String) { _ = used.withLock { $0.insert(contentHash) } }
}
