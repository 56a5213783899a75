import MtagZoo

/// Rows of text in columns that line up: the first to the left, numbers to the right.
struct TextTable {
  private var rows: [[String]]

  init(_ head: [String]) { rows = [head] }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines, head first.
  func lines(leftColumns: Set<Int> = [0]) -> [String] {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return leftColumns.contains(column) ? text + space : space + text
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

extension Int {
  /// `0.42 M`, `1.23 G`, or the number itself below ten thousand.
  var inMetricUnits: String {
    for (unit, size) in [("G", 1e9), ("M", 1e6), ("k", 1e3)] where Double(self) >= size && self >= 10_000 {
      return String(rounding: Double(self) / size, digits: 2) + " " + unit
    }
    return String(self)
  }
}
