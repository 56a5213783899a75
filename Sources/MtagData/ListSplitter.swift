import Foundation
import MtagCore

/// Takes the parts from text files, one clip a line, as GTZAN's fault-filtered lists have it.
struct ListSplitter {
  let folder: String

  /// - Throws: `MtagError` if the folder has no lists, a line fits several clips, or a clip stands in two parts.
  func assign(_ dataset: Dataset) throws -> PartAssignment {
    let lists = try listFiles()
    let index = TrackIndex(dataset)
    var assignment = PartAssignment(parts: Array(repeating: nil, count: dataset.tracks.count))
    var origins = [String?](repeating: nil, count: dataset.tracks.count)
    var unmatched: [String] = []
    var lineCount = 0
    for list in lists {
      let text = try ManifestTable.text(of: folder.appendingPathComponent(list.name))
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      for (number, line) in lines.enumerated() {
        let entry = line.trimmingCharacters(in: .whitespaces)
        guard !entry.isEmpty, !entry.hasPrefix("#") else { continue }
        lineCount += 1
        let origin = "\(list.name) line \(number + 1)"
        guard let track = try index.track(entry, origin: origin) else {
          unmatched.append("'\(entry)' (\(origin))")
          continue
        }
        if let earlier = assignment.parts[track], earlier != list.part {
          throw MtagError(
            .badData,
            "\(dataset.tracks[track].id) stands in two parts: \(origins[track] ?? "") and \(origin); take one out"
          )
        }
        assignment.parts[track] = list.part
        origins[track] = origin
      }
    }
    guard unmatched.count < lineCount else {
      throw MtagError(
        .badData,
        "none of the \(lineCount) lines in \(folder) fits a clip of '\(dataset.name)', for instance "
          + "\(unmatched.first ?? "there are none"); its clips look like '\(dataset.tracks.first?.id ?? "")'")
    }
    assignment.notes = notes(assignment, unmatched: unmatched, lineCount: lineCount)
    return assignment
  }

  /// The lists of a folder: text files named train…, valid… (val…, dev…) or test….
  private func listFiles() throws -> [(name: String, part: Split.Part)] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw MtagError(.inputMissing, "split lists: \(folder) is no folder that can be read; check the path")
    }
    let lists = names.sorted(by: naturalOrder).compactMap { name -> (name: String, part: Split.Part)? in
      guard name.fileExtension == "txt", !name.hasPrefix(".") else { return nil }
      let word = name.prefix { $0.isLetter }
      return Split.Part(value: String(word)).map { (name, $0) }
    }
    guard lists.contains(where: { $0.part == .train }), Set(lists.map(\.part)).count > 1 else {
      throw MtagError(
        .inputMissing,
        "split lists: \(folder) needs train….txt and valid….txt or test….txt (as GTZAN's train_filtered.txt); it has "
          + (lists.isEmpty ? "none" : lists.map(\.name).joined(separator: ", ")))
    }
    return lists
  }

  private func notes(_ assignment: PartAssignment, unmatched: [String], lineCount: Int) -> [String] {
    var notes: [String] = []
    let left = assignment.parts.count { $0 == nil }
    if left > 0 {
      notes.append("\(left) of \(assignment.parts.count) clips stand in no list and are left out")
    }
    if !unmatched.isEmpty {
      let listed = unmatched.prefix(3).joined(separator: ", ") + (unmatched.count > 3 ? ", …" : "")
      notes.append("\(unmatched.count) of \(lineCount) lines fit no clip: \(listed)")
    }
    return notes
  }
}

/// Finds tracks by what lists call them.
private struct TrackIndex {
  /// From the most to the least exact. Below the whole path extensions do not count: GTZAN's lists say `.wav` where its
  /// archive says `.au`.
  private let keys: [[String: [Int]]]

  private static let spellings: [@Sendable (String) -> String] = [
    { $0.normalizedPath },
    { $0.normalizedPath.withoutAudioExtension },
    { $0.normalizedPath.withoutAudioExtension.split(separator: "/").suffix(2).joined(separator: "/") },
    { $0.normalizedPath.withoutAudioExtension.split(separator: "/").suffix(1).joined() },
  ]

  init(_ dataset: Dataset) {
    keys = Self.spellings.map { spelling in
      Dictionary(grouping: dataset.tracks.indices) { spelling(dataset.tracks[$0].id) }
    }
  }

  /// - Throws: `MtagError` (badData) if several tracks fit.
  func track(_ entry: String, origin: String) throws -> Int? {
    for (spelling, tracks) in zip(Self.spellings, keys) {
      guard let found = tracks[spelling(entry)] else { continue }
      guard found.count == 1 else {
        throw MtagError(.badData, "\(origin): '\(entry)' fits \(found.count) clips; write more of its path")
      }
      return found[0]
    }
    return nil
  }
}
