import Foundation
import MtagCore
import SwiftCSV

extension ManifestTable {
  /// Reads a table with a header; the delimiter is guessed from the header line.
  static func readCSV(_ path: String) throws -> ManifestTable {
    let text = try text(of: path)
    let records = try CSVRecords(text: text, path: path)
    guard let header = records.all.first else {
      throw MtagError(.badData, "\(path) is empty; its first line must name the columns, such as path,label")
    }
    let columns = header.fields
    for (index, column) in columns.enumerated() {
      guard !column.isEmpty else {
        throw MtagError(.badData, "\(path) line \(header.line): column \(index + 1) has no name")
      }
      guard columns.firstIndex(of: column) == index else {
        throw MtagError(.badData, "\(path) line \(header.line): column '\(column)' stands there twice")
      }
    }
    var rows: [Row] = []
    for record in records.all.dropFirst() where record.fields.contains(where: { !$0.isEmpty }) {
      guard record.fields.count <= columns.count else {
        throw MtagError(
          .badData,
          "\(path) line \(record.line): \(record.fields.count) values for \(columns.count) columns; "
            + "put values that hold the delimiter into double quotes")
      }
      let filled = zip(columns, record.fields).filter { !$1.isEmpty }
      rows.append(Row(line: record.line, values: Dictionary(uniqueKeysWithValues: filled)))
    }
    return ManifestTable(path: path, columns: columns, rows: rows, listColumns: [])
  }
}

/// The records of a CSV text with the lines they begin on, which SwiftCSV does not tell.
private struct CSVRecords {
  private(set) var all: [(line: Int, fields: [String])] = []

  init(text: String, path: String) throws {
    let collector = Collector()
    do {
      let delimiter = CSVDelimiter.guessed(string: text)
      // Without columns and rows: only the header is parsed here, everything once more below, with lines counted.
      let csv = try EnumeratedCSV(string: text, delimiter: delimiter, loadColumns: false, rowLimit: 0)
      try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { collector.append($0) }
    } catch {
      throw MtagError(
        .badData,
        "\(path) line \(collector.nextLine): a double quote stands inside a value; "
          + "write it twice and put the whole value into double quotes")
    }
    // Every quote of a sound file has its partner; SwiftCSV takes the rest of the file for a value that never closes.
    guard text.utf8.lazy.filter({ $0 == UInt8(ascii: "\"") }).count.isMultiple(of: 2) else {
      throw MtagError(
        .badData,
        "\(path) line \(collector.records.last?.line ?? 1): a double quote is opened and never closed")
    }
    all = collector.records
  }

  /// Gathers what SwiftCSV's escaping callback hands over.
  private final class Collector {
    var records: [(line: Int, fields: [String])] = []
    var nextLine = 1

    func append(_ fields: [String]) {
      records.append((nextLine, fields.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }))
      // A quoted value may hold line ends of its own.
      nextLine += 1 + fields.reduce(0) { $0 + $1.count(where: \.isNewline) }
    }
  }
}
