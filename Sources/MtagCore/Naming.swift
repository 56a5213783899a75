/// Whether `left` comes before `right` when runs of digits count as numbers: `cnn2` before `cnn10`.
public func naturalOrder(_ left: String, _ right: String) -> Bool {
  var a = Substring(left)
  var b = Substring(right)
  while let first = a.first, let second = b.first {
    if first.isASCIIDigit, second.isASCIIDigit {
      let (x, y) = (a.prefix(while: \.isASCIIDigit), b.prefix(while: \.isASCIIDigit))
      let (m, n) = (x.drop { $0 == "0" }, y.drop { $0 == "0" })
      if m.count != n.count { return m.count < n.count }
      if m != n { return m < n }
      a.removeFirst(x.count)
      b.removeFirst(y.count)
    } else {
      if first != second { return first < second }
      a.removeFirst()
      b.removeFirst()
    }
  }
  return a.isEmpty && b.isEmpty ? left < right : a.isEmpty
}

/// The end of an error sentence for an unknown name: near names if there are any, else all of them.
public func suggestion(for name: String, among names: [String]) -> String {
  let near =
    names
    .map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
    .filter { $0.distance <= max(2, name.count / 3) || $0.name.hasPrefix(name) }
    .sorted { $0.distance < $1.distance }
    .prefix(3)
    .map { "'\($0.name)'" }
  if !near.isEmpty { return "did you mean \(near.joined(separator: " or "))?" }
  return names.isEmpty ? "there are none" : "known: \(names.prefix(30).joined(separator: ", "))"
}

/// Levenshtein's distance: insertions, deletions and replacements between two words.
func editDistance(_ left: String, _ right: String) -> Int {
  let (a, b) = (Array(left), Array(right))
  var row = Array(0...b.count)
  for i in 0..<a.count {
    var diagonal = row[0]
    row[0] = i + 1
    for j in 0..<b.count {
      let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}

extension Character {
  var isASCIIDigit: Bool { isASCII && isNumber }
}
