import Foundation
import MtagCore

extension ManifestTable {
  /// Reads an object a line. Arrays are several labels; numbers and booleans are taken as their text; null is empty.
  static func readJSONLines(_ path: String) throws -> ManifestTable {
    let text = try text(of: path)
    let decoder = JSONDecoder()
    var columns: Set<String> = []
    var listColumns: Set<String> = []
    var rows: [Row] = []
    // JSON texts may hold the other line separators of Unicode as they are.
    let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in lines.enumerated() {
      guard line.contains(where: { !$0.isWhitespace }) else { continue }
      let object: [String: JSONCell]
      do {
        object = try decoder.decode([String: JSONCell].self, from: Data(line.utf8))
      } catch {
        throw MtagError(
          .badData,
          "\(path) line \(index + 1): not a JSON object of texts, numbers and arrays of texts; one object a line"
        )
      }
      var row = Row(line: index + 1, values: [:])
      for (column, cell) in object {
        columns.insert(column)
        if cell.isList { listColumns.insert(column) }
        let value = cell.text.trimmingCharacters(in: .whitespacesAndNewlines)
        if !value.isEmpty { row.values[column] = value }
      }
      rows.append(row)
    }
    guard !rows.isEmpty else {
      throw MtagError(.badData, "\(path) is empty; it needs one JSON object a line, with a path and a label")
    }
    return ManifestTable(
      path: path, columns: columns.sorted(by: naturalOrder), rows: rows, listColumns: listColumns)
  }
}

/// One value of a JSON line.
private struct JSONCell: Decodable {
  let text: String
  let isList: Bool

  init(from decoder: any Decoder) throws {
    if let list = try? [JSONCell](from: decoder) {
      guard !list.contains(where: \.isList) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "nested array"))
      }
      (text, isList) = (list.map(\.text).joined(separator: "|"), true)
      return
    }
    let value = try decoder.singleValueContainer()
    isList = false
    if value.decodeNil() {
      text = ""
    } else if let flag = try? value.decode(Bool.self) {
      text = flag ? "true" : "false"
    } else if let number = try? value.decode(Int.self) {
      text = String(number)
    } else if let number = try? value.decode(Double.self) {
      text = String(number)
    } else {
      text = try value.decode(String.self)
    }
  }
}
