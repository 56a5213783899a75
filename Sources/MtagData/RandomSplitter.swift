import MtagCore

/// Draws parts for groups of tracks so that each label's share is kept as nearly as whole groups allow.
///
/// Rare labels are placed first, and each group goes where its labels are missing most: iterative stratification, here
/// with whole groups in place of single examples. Groups of different sizes leave remainders that depend on the order
/// in which they come, so several orders are drawn and the most even result is kept.
/// - Source: Sechidis, Tsoumakas and Vlahavas, "On the stratification of multi-label data" (2011).
struct RandomSplitter {
  private let shares: PartShares
  private let dataset: Dataset
  private let groups: [[Int]]
  /// The labels of each group and how many of its clips have them, ascending by label.
  private let labelCounts: [[(label: Int, clips: Int)]]
  private let generator: RandomGenerator

  /// Drawn orders; groups of one clip each leave no remainder worth a second.
  private static let drawsForGroups = 16

  init(shares: PartShares, dataset: Dataset, groups: [[Int]], seed: UInt64) {
    self.shares = shares
    self.dataset = dataset
    self.groups = groups
    generator = RandomGenerator(seed: seed, stream: 0x5350_4C49_54)
    labelCounts = groups.map { tracks in
      let counts = Dictionary(
        tracks.flatMap { dataset.tracks[$0].labels }.map { ($0, 1) }, uniquingKeysWith: +)
      return counts.sorted { $0.key < $1.key }.map { (label: $0.key, clips: $0.value) }
    }
  }

  /// - Throws: `MtagError` (badData) if a part stays empty.
  func assign(text: String) throws -> PartAssignment {
    var generator = generator
    let draws = groups.contains { $0.count > 1 } ? Self.drawsForGroups : 1
    var best: (parts: [Int], unevenness: Double)?
    for _ in 0..<draws {
      let draw = self.draw(order: generator.shuffled(Array(groups.indices)))
      if best.map({ draw.unevenness < $0.unevenness }) ?? true { best = draw }
    }
    var assignment = PartAssignment(parts: Array(repeating: nil, count: dataset.tracks.count))
    for (group, part) in zip(groups, best?.parts ?? []) {
      for track in group { assignment.parts[track] = shares.parts[part].part }
    }
    for (part, _) in shares.parts where !assignment.parts.contains(part) {
      throw MtagError(
        .badData,
        "split '\(text)' leaves no clip for '\(part.rawValue)': '\(dataset.name)' has too few "
          + "(\(dataset.tracks.count) clips in \(groups.count) groups); choose other shares")
    }
    return assignment
  }

  /// One draw: the part of every group by its place in `shares`, and how far the result is from the shares.
  private func draw(order: [Int]) -> (parts: [Int], unevenness: Double) {
    var needs = Needs(shares: shares, groups: groups, labelCounts: labelCounts, labels: dataset.labels.count)
    var parts = [Int](repeating: 0, count: groups.count)
    var waiting = order
    while !waiting.isEmpty {
      let label = rarestLabel(of: waiting)
      var later: [Int] = []
      for group in waiting {
        guard label == nil || labelCounts[group].contains(where: { $0.label == label }) else {
          later.append(group)
          continue
        }
        parts[group] = needs.place(labelCounts[group], clips: groups[group].count, label: label)
      }
      waiting = later
    }
    return (parts, needs.unevenness)
  }

  /// The label that the fewest clips of some groups have; nil if none has any.
  private func rarestLabel(of waiting: [Int]) -> Int? {
    var clips = [Int](repeating: 0, count: dataset.labels.count)
    for group in waiting {
      for entry in labelCounts[group] { clips[entry.label] += entry.clips }
    }
    return clips.indices.filter { clips[$0] > 0 }.min { (clips[$0], $0) < (clips[$1], $1) }
  }
}

/// How many clips, in all and of each label, each part still needs.
private struct Needs {
  /// `[part][label]`, and the need for clips whatever their labels after the labels.
  private var missing: [[Double]]
  private let totals: [Double]

  init(shares: PartShares, groups: [[Int]], labelCounts: [[(label: Int, clips: Int)]], labels: Int) {
    var totals = [Double](repeating: 0, count: labels + 1)
    for entry in labelCounts.joined() { totals[entry.label] += Double(entry.clips) }
    totals[labels] = Double(groups.reduce(0) { $0 + $1.count })
    self.totals = totals
    missing = shares.parts.map { part in totals.map { $0 * part.share } }
  }

  /// Puts a group where clips of a label are missing most, of equal parts where clips are; returns that part. Without a
  /// label clips alone count.
  mutating func place(_ counts: [(label: Int, clips: Int)], clips: Int, label: Int?) -> Int {
    let all = totals.count - 1
    let needs = missing.map { (ofLabel: $0[label ?? all], ofAny: $0[all]) }
    let part = needs.indices.reduce(0) { needs[$1] > needs[$0] ? $1 : $0 }
    for entry in counts { missing[part][entry.label] -= Double(entry.clips) }
    missing[part][all] -= Double(clips)
    return part
  }

  /// The squared distance from the shares, each label weighing the same.
  var unevenness: Double {
    missing.joined().enumerated().reduce(0) { sum, entry in
      let total = totals[entry.offset % totals.count]
      return total > 0 ? sum + entry.element * entry.element / (total * total) : sum
    }
  }
}
