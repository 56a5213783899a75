import Foundation
import MtagCore

/// What lies under a cache's `features/`. Only what carries our names is seen: `<spec SHA-256>/<content SHA-256>.features`,
/// as regular files in real folders. Whatever else someone put there is neither counted nor touched.
struct CacheContents {
  /// One map's file.
  struct MapFile {
    let specHash: String
    let contentHash: String
    let bytes: Int
    /// When a program last read or wrote it, in nanoseconds since 1970.
    let lastUsedNanoseconds: Int
  }

  static let mapEnding = ".features"
  static let specName = "spec.json"

  /// Whoever writes a map adds to it all the time; what nobody added to for this long was left by a program that was killed.
  private static let abandonedNanoseconds = 600_000_000_000

  /// The folder, `…/features`.
  let folder: String
  /// Every map.
  private(set) var maps: [MapFile] = []
  /// Files that a killed program left half-written.
  private(set) var abandoned: [String] = []

  /// Looks at every file. A folder that is not there or cannot be read is empty.
  init(folder: String) {
    self.folder = folder
    for specHash in Self.names(in: folder) where Self.isHash(specHash) {
      let parent = folder.appendingPathComponent(specHash)
      guard Self.kind(of: parent)?.kind == S_IFDIR else { continue }
      for name in Self.names(in: parent) {
        guard let file = Self.kind(of: parent.appendingPathComponent(name)), file.kind == S_IFREG else {
          continue
        }
        if let contentHash = Self.contentHash(fileName: name) {
          maps.append(
            MapFile(
              specHash: specHash, contentHash: contentHash, bytes: file.stamp.size,
              lastUsedNanoseconds: file.stamp.modifiedNanoseconds))
        } else if AtomicFile.isTemporaryName(name),
          file.stamp.modifiedNanoseconds < FileStamp.now - Self.abandonedNanoseconds
        {
          abandoned.append(parent.appendingPathComponent(name))
        }
      }
    }
  }

  /// Bytes of all maps.
  var bytes: Int { maps.reduce(0) { $0 + $1.bytes } }

  /// The specs that have a folder here, with or without maps.
  var specHashes: [String] {
    Self.names(in: folder).filter {
      Self.isHash($0) && Self.kind(of: folder.appendingPathComponent($0))?.kind == S_IFDIR
    }
    .sorted()
  }

  /// The path of a map's file.
  func path(_ map: MapFile) -> String {
    Self.path(folder: folder, specHash: map.specHash, contentHash: map.contentHash)
  }

  /// Where a map belongs.
  static func path(folder: String, specHash: String, contentHash: String) -> String {
    folder.appendingPathComponent(specHash).appendingPathComponent(contentHash + mapEnding)
  }

  /// Removes a map, unless somebody used it since it was looked at.
  /// - Returns: whether it is gone, and why it cannot be removed.
  func remove(_ map: MapFile) -> (isGone: Bool, failure: String?) {
    let path = path(map)
    guard let now = FileStamp(ofFile: path) else { return (true, nil) }
    guard now.modifiedNanoseconds == map.lastUsedNanoseconds else { return (false, nil) }
    if unlink(path) == 0 || errno == ENOENT { return (true, nil) }
    return (false, String(cString: strerror(errno)))
  }

  /// Whether a name is a SHA-256.
  static func isHash(_ name: String) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }

  private static func contentHash(fileName: String) -> String? {
    guard fileName.hasSuffix(mapEnding) else { return nil }
    let hash = String(fileName.dropLast(mapEnding.count))
    return isHash(hash) ? hash : nil
  }

  static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// What stands at a path itself: a symbolic link is not followed.
  private static func kind(of path: String) -> (kind: mode_t, stamp: FileStamp)? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    return (status.st_mode & S_IFMT, FileStamp(status))
  }
}
