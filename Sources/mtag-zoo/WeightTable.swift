import MtagZoo

/// Which tensors of a file become which parameters, as text and as JSON.
enum WeightTable {
  /// A row a parameter, then what the file has besides, then the sum.
  static func lines(_ match: WeightMatch, path: String) -> [String] {
    var table = TextTable(["PARAMETER", "SHAPE", "OUTCOME", "IN THE FILE", "SHAPE", "TYPE"])
    for row in match.rows {
      let source = row.named
      table.add([
        row.parameter.name, words(row.parameter.shape), row.word, source?.name ?? "–",
        source.map { words($0.shape) } ?? "–",
        source?.type ?? "–",
      ])
    }
    for source in match.unused {
      table.add(["–", "–", "not used here", source.name, words(source.shape), source.type])
    }
    return table.lines(leftColumns: [0, 1, 2, 3, 4, 5]) + match.notes(path: path)
  }

  private static func words(_ shape: [Int]) -> String {
    "[\(shape.map(String.init).joined(separator: ", "))]"
  }

  /// The same for other programs.
  static func rows(_ match: WeightMatch) -> Rows {
    Rows(
      prefix: match.prefix, taken: match.takenCount,
      parameters: match.rows.map {
        .init(
          name: $0.parameter.name, shape: $0.parameter.shape, outcome: $0.word, source: $0.named?.name,
          sourceShape: $0.named?.shape, type: $0.named?.type)
      },
      unused: match.unused.map { .init(name: $0.name, shape: $0.shape, type: $0.type) })
  }

  /// A match as JSON.
  struct Rows: Encodable {
    let prefix: String
    let taken: Int
    let parameters: [Row]
    let unused: [Unused]

    /// A parameter and what becomes of it.
    struct Row: Encodable {
      let name: String
      let shape: [Int]
      let outcome: String
      let source: String?
      let sourceShape: [Int]?
      let type: String?

      enum CodingKeys: String, CodingKey {
        case name, shape, outcome, source, type
        case sourceShape = "source_shape"
      }
    }

    /// A tensor that becomes nothing.
    struct Unused: Encodable {
      let name: String
      let shape: [Int]
      let type: String
    }
  }
}
