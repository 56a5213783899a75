import MtagCore

/// Takes the parts from a column.
struct ColumnSplitter {
  let column: String

  /// - Throws: `MtagError` (badData) naming the values that mean no part.
  func assign(_ dataset: Dataset, text: String) throws -> PartAssignment {
    guard !column.isEmpty else {
      throw MtagError(.usage, "split '\(text)' must name a column, such as column:split")
    }
    let name = try dataset.column(named: column, text: text)
    let values = dataset.tracks.map { $0.columns[name] ?? "" }
    let parts = values.map { Split.Part(value: $0) }
    if let first = parts.firstIndex(of: nil) {
      let unknown = Set(zip(values, parts).filter { $1 == nil }.map { "'\($0.0)'" }).sorted(by: naturalOrder)
      let listed = unknown.prefix(8).joined(separator: ", ") + (unknown.count > 8 ? ", …" : "")
      throw MtagError(
        .badData,
        "split '\(text)': \(parts.count { $0 == nil }) clips hold \(listed) (the first is \(dataset.tracks[first].id)); "
          + "write train, valid or test")
    }
    return PartAssignment(parts: parts)
  }
}
