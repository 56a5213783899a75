import Foundation
import MtagCore

/// Makes a dataset from a manifest.
struct ManifestAdapter {
  private let table: ManifestTable
  private let pathColumn: String
  private let labelColumns: [String]

  private static let pathNames = [
    "path", "file", "filename", "file_name", "filepath", "file_path", "audio", "audio_path",
  ]

  static func open(_ path: String, name: String, label: String?) throws -> Dataset {
    let adapter = try ManifestAdapter(ManifestTable.read(path), label: label)
    return try adapter.dataset(name: name)
  }

  private init(_ table: ManifestTable, label: String?) throws {
    self.table = table
    let columns = table.columns
    guard let pathColumn = Self.pathNames.lazy.compactMap({ Self.column($0, in: columns) }).first else {
      throw MtagError(
        .badData, "\(table.path) has no 'path' column; its columns: \(columns.joined(separator: ", "))")
    }
    self.pathColumn = pathColumn
    let reserved = [pathColumn] + ["group", "split"].compactMap { Self.column($0, in: columns) }
    let candidates = columns.filter { !reserved.contains($0) }
    if let label, let column = Self.column(label, in: columns), column != pathColumn {
      labelColumns = [column]
    } else if let label {
      labelColumns = try label.split(separator: ",").map { part in
        let wanted = part.trimmingCharacters(in: .whitespaces)
        if let column = Self.column(wanted, in: columns), column != pathColumn { return column }
        throw MtagError(
          .usage,
          "label column '\(wanted)' not found in \(table.path); its columns: \(columns.joined(separator: ", "))"
        )
      }
      guard !labelColumns.isEmpty, Set(labelColumns).count == labelColumns.count else {
        throw MtagError(
          .usage, "label column '\(label)' must name one column, or several different ones with commas")
      }
    } else if let column = ["label", "genre"].lazy.compactMap({ Self.column($0, in: columns) }).first {
      labelColumns = [column]
    } else if candidates.count == 1 {
      labelColumns = candidates
    } else {
      let known = candidates.isEmpty ? "it has none" : "choose one of \(candidates.joined(separator: ", "))"
      throw MtagError(
        .usage, "\(table.path) has no column 'label' or 'genre'; name the label column with --label: \(known)"
      )
    }
  }

  /// A column by its name, else by its name in other letters' case.
  private static func column(_ name: String, in columns: [String]) -> String? {
    columns.first { $0 == name } ?? columns.first { $0.lowercased() == name.lowercased() }
  }

  private func dataset(name: String) throws -> Dataset {
    guard !table.rows.isEmpty else {
      throw MtagError(.badData, "\(table.path) has columns but no row; add one line per clip")
    }
    var warnings: [String] = []
    let names = table.rows.map { tags(of: $0) }
    let isMultiLabel = try isMultiLabel(names, warnings: &warnings)
    let labels = Set(names.joined()).sorted(by: naturalOrder)
    guard !labels.isEmpty else {
      throw MtagError(
        .badData, "\(table.path): column '\(labelColumns.joined(separator: ","))' holds no label at all")
    }
    let labelIndex = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
    let paths = try resolvedPaths()
    let (group, split) = (Self.column("group", in: table.columns), Self.column("split", in: table.columns))
    let tracks = zip(table.rows, zip(names, paths)).map { row, parts in
      Track(
        path: parts.1.path, id: parts.1.id, labels: Set(parts.0).compactMap { labelIndex[$0] }.sorted(),
        group: group.flatMap { row.values[$0] }, split: split.flatMap { row.values[$0] }, columns: row.values)
    }
    return Dataset(
      name: name, labels: labels, labelColumns: labelColumns, isMultiLabel: isMultiLabel, tracks: tracks,
      columns: table.columns, warnings: warnings)
  }

  /// The labels of a row, by their names.
  private func tags(of row: ManifestTable.Row) -> [String] {
    labelColumns.flatMap { column in
      (row.values[column] ?? "").split(separator: "|")
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
  }

  private func isMultiLabel(_ names: [[String]], warnings: inout [String]) throws -> Bool {
    let hasLists =
      labelColumns.count > 1 || labelColumns.contains { table.listColumns.contains($0) }
      || table.rows.contains { row in labelColumns.contains { row.values[$0]?.contains("|") ?? false } }
    guard !hasLists, let empty = names.firstIndex(where: \.isEmpty) else { return hasLists }
    let count = names.count(where: \.isEmpty)
    warnings.append(
      "\(table.path): column '\(labelColumns[0])' is empty in \(count) of \(names.count) rows (the first is line "
        + "\(table.rows[empty].line)), so clips are taken to have any number of labels; "
        + "fill them in, or take the rows out, for one label per clip")
    return true
  }

  /// Where every row's file is, and its id: the path relative to the manifest's folder where it lies below it.
  private func resolvedPaths() throws -> [(path: String, id: String)] {
    let folder = table.path.deletingLastPathComponent
    let prefix = URL(fileURLWithPath: folder).standardizedFileURL.path + "/"
    var lines: [String: Int] = [:]
    return try table.rows.map { row in
      guard let text = row.values[pathColumn] else {
        throw table.fault(row.line, "column '\(pathColumn)' is empty")
      }
      guard !text.contains(where: \.isNewline) else {
        throw table.fault(row.line, "the path goes over more than one line; is a double quote missing?")
      }
      let normalized = text.normalizedPath
      let id = normalized.hasPrefix(prefix) ? String(normalized.dropFirst(prefix.count)) : normalized
      if let earlier = lines.updateValue(row.line, forKey: id) {
        throw table.fault(
          row.line,
          "'\(text)' stands on line \(earlier) too; keep one line per clip, with | between its labels")
      }
      return (folder.appendingPathComponent(id), id)
    }
  }
}
