import MtagGraph

/// What people read of a match.
extension WeightMatch {
  /// One line, and one more for what was left out: `24 of 26 tensors start from a.safetensors`.
  public func notes(path: String) -> [String] {
    var lines = ["\(takenCount) of \(rows.count) tensors start from \(path)"]
    if !prefix.isEmpty { lines[0] += ", its names without '\(prefix)'" }
    func names(_ rows: [Row]) -> String {
      let more = rows.count > 5 ? " and \(rows.count - 5) more" : ""
      return rows.prefix(5).map { "'\($0.parameter.name)'" }.joined(separator: ", ") + more
    }
    let groups: [(String, (Outcome) -> Bool)] = [
      ("fresh, being for other labels", { if case .newHead = $0 { true } else { false } }),
      ("fresh, having other shapes there", { if case .otherShape = $0 { true } else { false } }),
      ("fresh, missing there", { $0 == .missing }),
    ]
    for (what, isMeant) in groups {
      let found = rows.filter { isMeant($0.outcome) }
      if !found.isEmpty { lines.append("\(what): \(names(found))") }
    }
    if !unused.isEmpty {
      let more = unused.count > 5 ? " and \(unused.count - 5) more" : ""
      lines.append(
        "not used here: " + unused.prefix(5).map { "'\($0.name)'" }.joined(separator: ", ") + more)
    }
    return lines
  }
}

extension WeightMatch.Row {
  /// The tensor that has the parameter's name, whether or not it fits.
  public var named: WeightMatch.Source? {
    switch outcome {
    case .taken(let source), .reshaped(let source), .newHead(let source), .otherShape(let source): source
    case .missing: nil
    }
  }

  /// What becomes of the parameter, in a word or two.
  public var word: String {
    switch outcome {
    case .taken: "taken"
    case .reshaped: "taken, reshaped"
    case .newHead: "new head"
    case .otherShape: "other shape"
    case .missing: "missing"
    }
  }
}
