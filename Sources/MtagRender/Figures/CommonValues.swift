import MtagCore

/// Where most values of some bands lie: what a few outliers should not hide.
struct CommonValues {
  let map: FeatureMap
  let rows: Range<Int>
  let least: Float
  let greatest: Float

  /// So many of all values lie below the end.
  private static let commonShare = 0.98
  /// Leaving out what is rare must widen the rest by so much, or nothing is left out.
  private static let leastGain = 1.25
  private static let bins = 4096
  /// A quantile in the first bins is looked for again among those, so many times at most.
  private static let mostRounds = 4

  /// The greatest value, or the one that 98 % do not exceed.
  var upperEnd: Float {
    let high = quantile(Self.commonShare)
    let isGain = Double(greatest) - Double(least) >= Self.leastGain * (Double(high) - Double(least))
    return high > least && isGain ? high : greatest
  }

  /// The value that a share of all values does not exceed, read off a histogram, 1/16 too high at most.
  private func quantile(_ share: Double) -> Float {
    let (low, wanted) = (Double(least), share * Double(rows.count * map.frames * map.channels))
    var high = Double(greatest)
    for _ in 0..<Self.mostRounds where high > low {
      let width = (high - low) / Double(Self.bins)
      var counts = [Int](repeating: 0, count: Self.bins)
      map.visitBlocks(rows: rows) { _, values in
        for value in values where Double(value) <= high {
          counts[min(max(Int((Double(value) - low) / width), 0), Self.bins - 1)] += 1
        }
        return true
      }
      var passed = 0
      let bin = counts.firstIndex { count in
        passed += count
        return Double(passed) >= wanted
      }
      guard let bin else { break }
      high = min(high, low + Double(bin + 1) * width)
      if bin >= 16 { break }
    }
    return min(Float(high), greatest)
  }
}
