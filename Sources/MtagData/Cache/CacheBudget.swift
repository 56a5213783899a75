import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps the maps of a cache within its limit: those that were not used for the longest time go first.
struct CacheBudget {
  /// What had to go.
  struct Removed {
    var maps = 0
    var bytes = 0

    static func += (total: inout Removed, more: Removed) {
      total.maps += more.maps
      total.bytes += more.bytes
    }
  }

  private let folder: String
  private let limit: CacheLimit
  private let ledger: CacheLedger

  /// Who makes room makes this share of the limit at least, so that not every map looks at all files.
  private static let leastShareFreed = 0.05

  /// - Parameter folder: `…/features`.
  init(folder: String, limit: CacheLimit) {
    self.folder = folder
    self.limit = limit
    ledger = CacheLedger(folder: folder)
  }

  /// The limit in bytes, as things are now.
  var limitBytes: Int { limit.bytes(folder: folder, used: ledger.current() ?? 0) }

  /// Removes what is too much already, for instance because the limit was lower this time.
  /// - Throws: `MtagError` if the folder cannot be written to.
  func enforce() throws -> Removed {
    try ledger.withLock { ledger in
      let used = try used(ledger)
      let limit = limit.bytes(folder: folder, used: used)
      return used > limit ? try makeRoom(limit: limit, ledger) { _ in false } : Removed()
    }
  }

  /// Writes a file if there is room for it, or room can be made. One file at a time is written, by all programs together:
  /// so the maps never take more than the limit, and writing is short beside computing.
  /// - Parameters:
  ///   - byteCount: how long the file will be.
  ///   - path: where it will stand; the room of what stands there now is given back.
  ///   - isUsed: whether a map must stay.
  ///   - write: writes the file.
  /// - Returns: what `write` returned, or nil if there is no room; and what had to go.
  /// - Throws: `MtagError` if the folder cannot be written to; what `write` throws.
  func write<Value>(
    _ byteCount: Int, path: String, isUsed: (CacheContents.MapFile) -> Bool, _ write: () throws -> Value
  ) throws -> (written: Value?, removed: Removed) {
    try ledger.withLock { ledger in
      var used = try used(ledger)
      let limit = limit.bytes(folder: folder, used: used)
      guard byteCount <= limit else { return (nil, Removed()) }
      let more = byteCount - (FileStamp(ofFile: path)?.size ?? 0)
      var removed = Removed()
      if used + more > limit {
        let least = Int(Self.leastShareFreed * Double(limit))
        removed = try makeRoom(limit: limit - max(byteCount, least), ledger, isUsed: isUsed)
        used = try self.used(ledger)
      }
      guard used + more <= limit else { return (nil, removed) }
      // Before the file is there: if this program is killed in between, the number is too large, which mends itself.
      try ledger.set(used + max(0, more))
      do {
        let value = try write()
        try ledger.set(used + more)
        return (value, removed)
      } catch {
        try ledger.set(used)
        throw error
      }
    }
  }

  private func used(_ ledger: CacheLedger.Held) throws -> Int {
    if let bytes = ledger.bytes { return bytes }
    let bytes = CacheContents(folder: folder).bytes
    try ledger.set(bytes)
    return bytes
  }

  private func makeRoom(
    limit: Int, _ ledger: CacheLedger.Held, isUsed: (CacheContents.MapFile) -> Bool
  ) throws -> Removed {
    let contents = CacheContents(folder: folder)
    for path in contents.abandoned { unlink(path) }
    var used = contents.bytes
    var removed = Removed()
    for map in contents.maps.sorted(by: { $0.lastUsedNanoseconds < $1.lastUsedNanoseconds }) {
      if used <= limit { break }
      guard !isUsed(map), contents.remove(map).isGone else { continue }
      used -= map.bytes
      removed += Removed(maps: 1, bytes: map.bytes)
    }
    try ledger.set(used)
    return removed
  }
}
