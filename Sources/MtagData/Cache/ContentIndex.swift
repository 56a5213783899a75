import Foundation
import MtagCore
import Synchronization

/// Remembers the SHA-256 of files, so that those which did not change need not be read again to be recognised.
///
/// One file a folder, under `contents/<SHA-256 of the folder's path>.txt`: a line a file with its stamp, its hash and its
/// name. An entry counts only while size, inode and both times of the file are those of the entry; a line that cannot be
/// understood does not count. Several processes may share it: whoever writes last keeps what others wrote, or loses it,
/// and then a file is read once more.
package final class ContentIndex: Sendable {
  private struct Entry: Hashable {
    let stamp: FileStamp
    let hash: String
  }

  private struct Folder {
    var entries: [String: Entry] = [:]
    var news: [String: Entry] = [:]
  }

  private let cacheFolder: String
  private let settledSeconds: Double
  private let folders = Mutex<[String: Folder]>([:])

  /// Where the index is, in the cache folder.
  static let folderName = "contents"

  private static let firstLine = "mtag-zoo contents 1"

  /// Opens an index; nothing is read before it is asked for.
  /// - Parameter settledSeconds: a file that changed more recently than this is hashed each time.
  package init(cacheFolder: String, settledSeconds: Double = 2) {
    self.cacheFolder = cacheFolder.appendingPathComponent(Self.folderName)
    self.settledSeconds = settledSeconds
  }

  /// SHA-256 of a file's bytes: remembered, or computed and then remembered.
  /// - Throws: `MtagError` (inputMissing, badData or inputOutput) naming the file.
  package func hash(ofFile path: String) throws -> String {
    try FileKind.requireFile(path)
    let url = URL(fileURLWithPath: path)
    let (folder, name) = (url.deletingLastPathComponent().path, url.lastPathComponent)
    // Taken before the bytes are read: a file that changes meanwhile has another stamp afterwards.
    let stamp = FileStamp(ofFile: path)
    if let stamp, let entry = known(name, in: folder), entry.stamp == stamp { return entry.hash }
    let hash = try ContentHash.hex(ofFile: path)
    if let stamp, stamp.isSettled(forSeconds: settledSeconds), !name.contains(where: \.isNewline) {
      folders.withLock { $0[folder, default: Folder()].news[name] = Entry(stamp: stamp, hash: hash) }
    }
    return hash
  }

  /// Writes what is new.
  /// - Throws: `MtagError` (cannotCreate, inputOutput).
  package func save() throws {
    let changed = folders.withLock { $0.filter { !$0.value.news.isEmpty } }
    guard !changed.isEmpty else { return }
    try AtomicFile.makeFolder(cacheFolder)
    for (folder, content) in changed {
      let entries = try read(folder).merging(content.news) { $1 }
      let lines = entries.sorted { $0.key < $1.key }.map { name, entry in
        let stamp = entry.stamp
        return "\(stamp.size) \(stamp.inode) \(stamp.modifiedNanoseconds) \(stamp.changedNanoseconds) "
          + "\(entry.hash) \(name)\n"
      }
      try AtomicFile.write(Self.firstLine + "\n" + lines.joined(), to: try file(folder))
      folders.withLock {
        $0[folder]?.entries = entries
        $0[folder]?.news = [:]
      }
    }
  }

  /// Whether a file of the index has this name.
  static func isFileName(_ name: String) -> Bool {
    name.hasSuffix(".txt") && CacheContents.isHash(String(name.dropLast(4)))
  }

  // MARK: - Helpers

  private func known(_ name: String, in folder: String) -> Entry? {
    folders.withLock { folders in
      if folders[folder] == nil { folders[folder] = Folder(entries: (try? read(folder)) ?? [:]) }
      return folders[folder]?.news[name] ?? folders[folder]?.entries[name]
    }
  }

  private func file(_ folder: String) throws -> String {
    cacheFolder.appendingPathComponent(try SHA256Digest.hex(of: folder) + ".txt")
  }

  private func read(_ folder: String) throws -> [String: Entry] {
    guard let data = FileManager.default.contents(atPath: try file(folder)) else { return [:] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    guard lines.first.map(String.init) == Self.firstLine else { return [:] }
    var entries: [String: Entry] = [:]
    for line in lines.dropFirst() {
      let words = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: false)
      guard words.count == 6, let size = Int(words[0]), let inode = UInt64(words[1]),
        let modified = Int(words[2]), let changed = Int(words[3]), words[4].utf8.count == 64
      else { continue }
      let stamp = FileStamp(
        size: size, inode: inode, modifiedNanoseconds: modified, changedNanoseconds: changed)
      entries[String(words[5])] = Entry(stamp: stamp, hash: String(words[4]))
    }
    return entries
  }
}
