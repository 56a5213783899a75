import MtagCore
import MtagGraph

/// Checks of settings that a network computes with before the graph checks what comes of them.
extension GraphBuilder {
  /// Refuses an empty list, and sizes that are not in 1 … 65,536.
  /// - Throws: `MtagError` (usage) naming the network, the setting and the value.
  func require(_ setting: String, _ values: [Int]) throws {
    guard !values.isEmpty else { throw MtagError(.usage, "\(name): \(setting) is empty; name at least one") }
    for value in values where !(1...65_536).contains(value) {
      throw MtagError(.usage, "\(name): \(setting) \(value) is not in 1 … 65536")
    }
  }

  /// Refuses rows of a table that have not as many columns, values that are not in 0 … 65,536, and another number of rows than
  /// `count`, if there is one.
  /// - Throws: `MtagError` (usage) naming the network, the setting and the row.
  func require(_ setting: String, rows: [[Int]], columns: [String], count: Int? = nil) throws {
    for row in rows where row.count != columns.count || row.contains(where: { !(0...65_536).contains($0) }) {
      throw MtagError(
        .usage,
        "\(name): a row of \(setting) must be [\(columns.joined(separator: ", "))], each in 0 … 65536, not \(row)"
      )
    }
    guard !rows.isEmpty else {
      throw MtagError(.usage, "\(name): \(setting) is empty; name at least one row")
    }
    guard count == nil || rows.count == count else {
      throw MtagError(
        .usage, "\(name): \(setting) has \(rows.count) rows, but there are \(count ?? 0) widths")
    }
  }
}
