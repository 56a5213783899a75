import Foundation
import MtagCore

/// A manifest as text: columns and rows, with the line that each row begins on.
struct ManifestTable {
  /// One row: its values by column, blanks trimmed, empty ones left out.
  struct Row {
    let line: Int
    var values: [String: String]
  }

  let path: String
  let columns: [String]
  let rows: [Row]
  /// Columns that hold a list somewhere (JSON arrays), even if every list has one element.
  let listColumns: Set<String>

  /// Reads a manifest by its extension.
  static func read(_ path: String) throws -> ManifestTable {
    switch path.fileExtension {
    case "csv", "tsv": return try readCSV(path)
    case "jsonl", "ndjson": return try readJSONLines(path)
    default:
      throw MtagError(
        .badData, "\(path) is no dataset: name a folder, or a manifest that ends in .csv, .tsv or .jsonl")
    }
  }

  /// The file's text without a byte order mark.
  static func text(of path: String) throws -> String {
    guard var data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
      throw MtagError(.inputMissing, "\(path) cannot be read; check its permissions")
    }
    if data.starts(with: [0xEF, 0xBB, 0xBF]) { data = data.dropFirst(3) }
    if data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF]) {
      throw MtagError(.badData, "\(path) is UTF-16 text; save it as UTF-8")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      let line = data.firstInvalidLine
      throw MtagError(.badData, "\(path) line \(line): not UTF-8 text; save it as UTF-8")
    }
    guard !text.utf8.contains(0) else { throw MtagError(.badData, "\(path) is no text: it holds zero bytes") }
    return text
  }

  /// An error that names a line of this manifest.
  func fault(_ line: Int, _ what: String) -> MtagError {
    MtagError(.badData, "\(path) line \(line): \(what)")
  }
}

extension Data {
  /// The number of the first line that is not UTF-8.
  fileprivate var firstInvalidLine: Int {
    let lines = split(separator: 0x0A, omittingEmptySubsequences: false)
    return 1 + (lines.firstIndex { String(data: $0, encoding: .utf8) == nil } ?? 0)
  }
}
