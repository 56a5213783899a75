import Foundation
import MtagAudio
import MtagCore
import MtagData

/// Finds the clips that a user's arguments name: files as they are, folders with all the sound files in them.
enum ClipFinder {
  /// A clip and where it stands in the folder it was found in.
  struct Clip: Hashable, Sendable {
    /// Its path.
    let path: String
    /// Its path below the folder that was named; its file name if it was named itself.
    let relativePath: String
  }

  /// The clips of all arguments, folders in natural order of their paths. A file that is not there is listed, so that
  /// whoever opens it says so.
  /// - Throws: `MtagError` (inputMissing) for a folder without a sound file.
  /// - Parameter observer: is told of sound files in a folder that are left out.
  static func clips(_ arguments: [String], observer: Observer) throws -> [Clip] {
    var result: [Clip] = []
    for argument in arguments {
      guard isFolder(argument) else {
        result.append(Clip(path: argument, relativePath: (argument as NSString).lastPathComponent))
        continue
      }
      let (found, foreign) = soundFiles(in: argument)
      let leftOut = ForeignSound.sentence(foreign, in: argument)
      guard !found.isEmpty else {
        throw MtagError(.inputMissing, leftOut ?? "no sound file in folder \(argument)")
      }
      if let leftOut { observer.note(leftOut) }
      result.append(
        contentsOf: found.map {
          Clip(path: (argument as NSString).appendingPathComponent($0), relativePath: $0)
        })
    }
    return result
  }

  /// Whether a folder stands at the path.
  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// Files of the formats that are read, in natural order, and those of formats that are not.
  private static func soundFiles(in folder: String) -> (found: [String], foreign: [String]) {
    guard let walk = FileManager.default.enumerator(atPath: folder) else { return ([], []) }
    var (found, foreign): ([String], [String]) = ([], [])
    for case let path as String in walk {
      let isHidden = path.split(separator: "/").contains { $0.hasPrefix(".") }
      let ending = (path as NSString).pathExtension.lowercased()
      guard !isHidden, !isFolder("\(folder)/\(path)") else { continue }
      if AudioFile.extensions.contains(ending) { found.append(path) }
      if AudioFile.foreignExtensions.contains(ending) { foreign.append(path) }
    }
    return (found.sorted(by: naturalOrder), foreign)
  }

  /// Where each clip's output goes below `folder`, with another extension. Clips that differ in their extension alone keep
  /// it in the name, so that none overwrites another.
  /// - Throws: `MtagError` (usage) if two clips still have the same output.
  static func outputs(_ clips: [Clip], folder: String, fileExtension: String) throws -> [String] {
    func stem(_ clip: Clip) -> String { (clip.relativePath as NSString).deletingPathExtension }
    let uses = Dictionary(clips.map { (stem($0), 1) }, uniquingKeysWith: +)
    let names = clips.map { clip in
      (uses[stem(clip)] == 1 ? stem(clip) : clip.relativePath) + ".\(fileExtension)"
    }
    var owners: [String: String] = [:]
    for (clip, name) in zip(clips, names) {
      if let other = owners.updateValue(clip.path, forKey: name) {
        throw MtagError(
          .usage, "\(other) and \(clip.path) would both be written to \(folder)/\(name); do one at a time")
      }
    }
    return names.map { (folder as NSString).appendingPathComponent($0) }
  }
}
