import Foundation
import MtagAudio
import MtagCore

/// What stands at a path, symbolic links followed.
enum FileKind {
  case missing
  case file
  case folder
  /// A pipe, a device, a socket: never opened, because reading it may wait for ever.
  case other

  static func of(_ path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .missing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// - Throws: `MtagError` (inputMissing or badData) unless a regular file stands there.
  static func requireFile(_ path: String) throws {
    switch of(path) {
    case .file: return
    case .missing: throw MtagError(.inputMissing, "\(path) is not there")
    case .folder: throw MtagError(.badData, "\(path) is a folder, not a sound file")
    case .other: throw MtagError(.badData, "\(path) is no regular file")
    }
  }
}

/// A folder's identity on disk, whatever path led to it.
struct FolderIdentity: Hashable {
  let device: UInt64
  let inode: UInt64

  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
  }
}

extension String {
  /// The text without a beginning, if it has it.
  func dropping(prefix: String) -> String { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self }

  /// The path with a part added; an absolute part stands alone.
  func appendingPathComponent(_ part: String) -> String {
    if part.hasPrefix("/") || isEmpty || self == "." { return part }
    return hasSuffix("/") ? self + part : self + "/" + part
  }

  /// The folder that a file lies in; `.` for a bare name.
  var deletingLastPathComponent: String {
    guard let slash = lastIndex(of: "/") else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// The last part of a path; of `.`, `..` and `/` the name of the folder that is meant.
  var lastPathComponent: String {
    let part = split(separator: "/").last.map(String.init) ?? ""
    guard part.isEmpty || part == "." || part == ".." else { return part }
    return URL(fileURLWithPath: self).standardizedFileURL.lastPathComponent
  }

  /// The lower-case extension, without its dot; empty if there is none.
  var fileExtension: String {
    let name = split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// The text without its extension.
  var stem: String {
    let length = fileExtension.count
    return length == 0 ? self : String(dropLast(length + 1))
  }

  /// The text without its extension if that is one of a sound file: `blues.00012` stays as it is.
  var withoutAudioExtension: String { AudioFile.extensions.contains(fileExtension) ? stem : self }

  /// The path without `.`, doubled slashes and the `..` that can be resolved by text alone.
  var normalizedPath: String {
    var parts: [Substring] = []
    for part in split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
