import Foundation
import MtagAudio
import MtagCore

/// Makes a dataset from a folder per class.
struct FolderAdapter {
  private let root: String
  private var isVisited: Set<FolderIdentity> = []
  /// Sound files of formats that cannot be decoded.
  private var foreignFiles: [String] = []
  /// Folders that are there and cannot be listed.
  private var closedFolders: [String] = []

  private init(_ root: String) { self.root = root }

  static func open(_ path: String, label: String?) throws -> Dataset {
    guard label == nil || label == "label" else {
      throw MtagError(
        .usage,
        "label column '\(label ?? "")' not found: \(path) is a folder per class, whose only column is 'label'"
      )
    }
    var adapter = FolderAdapter(path)
    return try adapter.dataset()
  }

  private mutating func dataset() throws -> Dataset {
    var files = audioFiles(under: [])
    // GTZAN's archive unpacks to a folder `genres`: the folder above it holds one folder and no sound.
    if let only = files.first?.first, files.allSatisfy({ $0.count > 2 && $0[0] == only }),
      Set(files.map { $0[1] }).count > 1
    {
      return try FolderAdapter.open(root.appendingPathComponent(only), label: nil)
    }
    guard !files.isEmpty else {
      if let closed = closedFolders.first {
        throw MtagError(.inputMissing, "\(closed) cannot be read; check its permissions")
      }
      if let sentence = ForeignSound.sentence(foreignFiles, in: root) { throw MtagError(.badData, sentence) }
      throw MtagError(
        .badData,
        "\(root) holds no sound file; it needs a folder per class (\(root)/blues/one.wav) or a manifest.csv")
    }
    let hasSplits = Self.areSplitFolders(Set(files.map { $0[0] }), files: files)
    let classDepth = hasSplits ? 1 : 0
    let strays = files.count { $0.count < classDepth + 2 }
    files.removeAll { $0.count < classDepth + 2 }
    guard !files.isEmpty else {
      throw MtagError(
        .badData,
        "\(root) holds \(strays) sound files but no class folders; make a folder per class (\(root)/blues/one.wav), "
          + "or a manifest.csv with the columns path and label")
    }
    let labels = Set(files.map { $0[classDepth] }).sorted(by: naturalOrder)
    let labelIndex = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let tracks = files.map { parts in
      let label = parts[classDepth]
      let group = parts.count > classDepth + 2 ? parts[classDepth + 1] : nil
      let split = hasSplits ? parts[0] : nil
      var columns = ["label": label]
      columns["group"] = group
      columns["split"] = split
      let id = parts.joined(separator: "/")
      return Track(
        path: root.appendingPathComponent(id), id: id, labels: labelIndex[label].map { [$0] } ?? [],
        group: group,
        split: split, columns: columns)
    }
    let columns = ["label", "group", "split"].filter { name in tracks.contains { $0.columns[name] != nil } }
    var warnings = closedFolders.map { "\($0) cannot be read and is left out; check its permissions" }
    if let sentence = ForeignSound.sentence(foreignFiles, in: root) { warnings.append(sentence) }
    if strays > 0 {
      warnings.append("\(root): \(strays) sound files lie in no class folder and are left out")
    }
    return Dataset(
      name: root.lastPathComponent, labels: labels, isMultiLabel: false, tracks: tracks, columns: columns,
      warnings: warnings)
  }

  /// Whether the folders are `train`, `valid`, `test` with classes in them.
  private static func areSplitFolders(_ names: Set<String>, files: [[String]]) -> Bool {
    names.count > 1 && names.allSatisfy { Split.Part(value: $0) != nil } && files.allSatisfy { $0.count > 2 }
  }

  /// The sound files below a folder, as parts of their paths, in natural order. Every folder on disk is entered once,
  /// so links that lead back up end.
  private mutating func audioFiles(under parts: [String]) -> [[String]] {
    let folder = parts.isEmpty ? root : root.appendingPathComponent(parts.joined(separator: "/"))
    guard let identity = FolderIdentity(folder), isVisited.insert(identity).inserted else { return [] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      closedFolders.append(folder)
      return []
    }
    var files: [[String]] = []
    for name in names.sorted(by: naturalOrder) where !name.hasPrefix(".") && name != "__MACOSX" {
      switch FileKind.of(folder.appendingPathComponent(name)) {
      case .folder: files += audioFiles(under: parts + [name])
      case .file where AudioFile.extensions.contains(name.fileExtension): files.append(parts + [name])
      case .file where AudioFile.foreignExtensions.contains(name.fileExtension): foreignFiles.append(name)
      default: continue
      }
    }
    return files
  }
}
