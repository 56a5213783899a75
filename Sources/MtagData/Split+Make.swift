import Foundation
import MtagCore

extension Split {
  /// Makes a split of a dataset.
  ///
  /// - `random:0.8`: that share of every label trains, the rest is valid; `random:0.8:0.1` leaves the rest for test.
  ///   Drawn from the seed, with each label's share kept as nearly as whole clips allow.
  /// - `group:COLUMN:0.8`: the same with whole groups: no value of the column stands in two parts.
  /// - `column:NAME`: the column says `train`, `valid` (`val`, `validation`, `dev`) or `test`.
  /// - `lists:DIR`: text files whose names begin so, one clip a line, as GTZAN's fault-filtered lists. A line is matched
  ///   by path, else by folder and name, else by name, whatever the extension; clips in no list are left out and counted.
  ///
  /// - Throws: `MtagError` (usage for the text, badData for what it meets) naming the value and the remedy; also when a
  ///   part that was asked for would be empty.
  public static func make(_ text: String, dataset: Dataset, seed: UInt64) throws -> Split {
    let (kind, argument) = text.cut(at: ":")
    let assignment: PartAssignment
    switch kind {
    case "random":
      let shares = try PartShares(argument, of: text)
      let groups = dataset.tracks.indices.map { [$0] }
      assignment = try RandomSplitter(shares: shares, dataset: dataset, groups: groups, seed: seed).assign(
        text: text)
    case "group":
      let (column, shares) = try groupArguments(argument, text: text)
      let groups = try groups(of: column, dataset: dataset, text: text)
      assignment = try RandomSplitter(shares: shares, dataset: dataset, groups: groups, seed: seed).assign(
        text: text)
    case "column":
      assignment = try ColumnSplitter(column: argument).assign(dataset, text: text)
    case "lists":
      assignment = try ListSplitter(folder: argument).assign(dataset)
    default:
      throw MtagError(
        .usage,
        "split '\(text)' is unknown; write random:0.8, group:COLUMN:0.8, column:NAME or lists:FOLDER")
    }
    return try Split(name: text, dataset: dataset, assignment: assignment)
  }

  private init(name: String, dataset: Dataset, assignment: PartAssignment) throws {
    func indices(_ part: Part?) -> [Int] { assignment.parts.indices.filter { assignment.parts[$0] == part } }
    self.name = name
    (train, valid, test, unassigned) = (indices(.train), indices(.valid), indices(.test), indices(nil))
    notes = assignment.notes + Self.missingLabels(assignment, dataset: dataset)
    let lines = zip(dataset.tracks, assignment.parts).compactMap { track, part in
      part.map { "\(track.id)\t\($0.rawValue)\n" }
    }
    // By bytes, so that the order is no matter of language or platform.
    sha256 = try SHA256Digest.hex(of: lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined())
  }

  /// A line for every part that has clips, but none of some labels: such labels cannot be learned, or not be measured.
  private static func missingLabels(_ assignment: PartAssignment, dataset: Dataset) -> [String] {
    Part.allCases.compactMap { part in
      let tracks = zip(dataset.tracks, assignment.parts).filter { $1 == part }
      let present = Set(tracks.flatMap { $0.0.labels })
      let missing = dataset.labels.indices.filter { !present.contains($0) }.map { "'\(dataset.labels[$0])'" }
      guard !tracks.isEmpty, !missing.isEmpty else { return nil }
      let listed = missing.prefix(5).joined(separator: ", ") + (missing.count > 5 ? ", …" : "")
      return "no clip of \(listed) in '\(part.rawValue)' (\(missing.count) of \(dataset.labels.count) labels)"
    }
  }

  /// `COLUMN:0.8` → the column and the shares; the column's name may hold colons.
  private static func groupArguments(_ argument: String, text: String) throws -> (String, PartShares) {
    var parts = argument.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    var shares: [String] = []
    while parts.count > 1, shares.count < 2, let last = parts.last, Double(last) != nil {
      shares.insert(last, at: 0)
      parts.removeLast()
    }
    let column = parts.joined(separator: ":")
    guard !column.isEmpty, !shares.isEmpty else {
      throw MtagError(.usage, "split '\(text)' must name a column and a share, such as group:artist:0.8")
    }
    return (column, try PartShares(shares.joined(separator: ":"), of: text))
  }

  /// The tracks of every value of a column, in natural order of the values. Tracks without a value are one group: they
  /// may belong together.
  private static func groups(of column: String, dataset: Dataset, text: String) throws -> [[Int]] {
    let name = try dataset.column(named: column, text: text)
    let groups = Dictionary(grouping: dataset.tracks.indices) { dataset.tracks[$0].columns[name] ?? "" }
    guard groups.count > 1 else {
      throw MtagError(
        .badData, "split '\(text)': column '\(column)' has one value only; groups cannot be split")
    }
    return groups.sorted { naturalOrder($0.key, $1.key) }.map(\.value)
  }
}

/// The part of every track, and what there is to say about it.
struct PartAssignment {
  /// By track index; nil for a track in no part.
  var parts: [Split.Part?]
  var notes: [String] = []
}

extension Split.Part {
  /// The part that a word means, in any case.
  init?(value: String) {
    switch value.lowercased() {
    case "train", "training": self = .train
    case "valid", "validation", "val", "dev": self = .valid
    case "test", "testing": self = .test
    default: return nil
    }
  }
}

extension Dataset {
  /// A column that some track has: of this name, else of this name in other letters' case, as manifests are read.
  /// - Throws: `MtagError` (usage) that lists the columns if there is none.
  func column(named column: String, text: String) throws -> String {
    let present = Set(tracks.flatMap(\.columns.keys)).sorted()
    let spellings = [{ $0 == column }, { $0.lowercased() == column.lowercased() }] as [(String) -> Bool]
    guard let found = spellings.lazy.compactMap({ present.first(where: $0) }).first else {
      let known = columns.isEmpty ? "there are none" : "its columns: \(columns.joined(separator: ", "))"
      throw MtagError(.usage, "split '\(text)': '\(name)' has no column '\(column)'; \(known)")
    }
    return found
  }
}

extension String {
  /// The text before and after the first separator.
  fileprivate func cut(at separator: Character) -> (String, String) {
    guard let position = firstIndex(of: separator) else { return (self, "") }
    return (String(self[..<position]), String(self[index(after: position)...]))
  }
}
