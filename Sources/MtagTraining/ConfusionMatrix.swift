/// Which label was given to clips of which label: `counts[true][predicted]`.
public struct ConfusionMatrix: Hashable, Sendable {
  /// Clips, by true label (row) and given label (column).
  public private(set) var counts: [[Int]]

  /// An empty matrix for `labels` labels.
  public init(labels: Int) { counts = Array(repeating: Array(repeating: 0, count: labels), count: labels) }

  /// Counts one clip.
  public mutating func add(truth: Int, prediction: Int) { counts[truth][prediction] += 1 }

  /// Clips counted.
  public var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// Share of clips given their true label; nil if there is no clip.
  public var accuracy: Double? {
    let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
    return total == 0 ? nil : Double(right) / Double(total)
  }

  /// Clips that have the label.
  public func support(_ label: Int) -> Int { counts[label].reduce(0, +) }

  /// Share of a label's clips that were given it (recall); nil if it has none.
  public func accuracy(of label: Int) -> Double? {
    support(label) == 0 ? nil : Double(counts[label][label]) / Double(support(label))
  }

  /// F1 of a label against all others; nil if it has no clip.
  public func f1(of label: Int) -> Double? {
    guard support(label) > 0 else { return nil }
    let given = counts.reduce(0) { $0 + $1[label] }
    return Double(2 * counts[label][label]) / Double(support(label) + given)
  }
}
