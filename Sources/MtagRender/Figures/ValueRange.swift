import MtagCore

/// The values that a figure's colours span, and what else the values of a map say about its colours.
///
/// Without a wanted range: levels span their values, but no more than 80 dB below their maximum, so that a floor far down
/// does not take the colours of the music; an indexed map with values on both sides of zero (cepstra, differences) spans
/// zero ± the smaller of its greatest magnitude and six times its median magnitude, so that one large row does not take
/// them; any other spans its values. The ends of the colour bar tell what was clipped.
struct ValueRange {
  /// The value of the first colour.
  let low: Float
  /// The value of the last colour.
  let high: Float
  /// Whether the map has values below `low`.
  let clipsLow: Bool
  /// Whether the map has values above `high`.
  let clipsHigh: Bool
  /// Whether zero is in the middle and the two sides differ in colour.
  let isSigned: Bool
  /// Whether the range was asked for.
  let isWanted: Bool
  /// For levels, how often the power doubles with one unit; nil for values that are no levels.
  let doublingsPerUnit: Float?

  private static let mostDecibels: Float = 80
  private static let doublingsPerDecibel: Float = 0.332192809
  private static let mostMedians: Float = 6

  /// Looks at all values, block by block.
  /// - Throws: `MtagError` (badData) if a value is not finite, (usage) if the wanted range does not rise.
  init(_ map: FeatureMap, axes: MapAxes, wanted: (low: Float, high: Float)?, path: String) throws {
    let (least, greatest) = try map.extremes(path: path)
    var isIndexed = false
    if case .index = axes.bands { isIndexed = true }
    isSigned = isIndexed && least < 0 && greatest > 0
    isWanted = wanted != nil
    doublingsPerUnit = Self.doublingsPerUnit(axes)
    if let wanted {
      guard wanted.low.isFinite, wanted.high.isFinite, wanted.low < wanted.high else {
        throw MtagError(.usage, "range \(wanted.low):\(wanted.high) must be two finite numbers that rise")
      }
      (low, high) = wanted
    } else if isSigned {
      let bound = Self.bound(map, greatest: max(-least, greatest))
      (low, high) = (-bound, bound)
    } else {
      high = greatest
      let depth = doublingsPerUnit.map { Self.mostDecibels * Self.doublingsPerDecibel / $0 }
      low = depth.map { max(least, greatest - $0) } ?? least
    }
    clipsLow = least < low
    clipsHigh = greatest > high
  }

  /// Where a value lies: 0 at `low`, 1 at `high`, clipped; 0 if the range is a point.
  func share(_ value: Float) -> Float {
    guard high > low else { return 0 }
    // Halves: the difference of two finite floats may be infinite.
    let share = (value / 2 - low / 2) / (high / 2 - low / 2)
    return min(max(share, 0), 1)
  }

  // MARK: - Helpers

  /// Frequencies and notes have levels, if their unit is that of a logarithm.
  private static func doublingsPerUnit(_ axes: MapAxes) -> Float? {
    switch axes.bands {
    case .frequency, .pitch: break
    case .pitchClass, .tempo, .index, .amplitude: return nil
    }
    switch axes.valueUnit {
    case "dB": return doublingsPerDecibel
    case "ln": return 1.44269504
    case "log10": return 3.32192809
    default: return nil
    }
  }

  /// Six times the median magnitude, or the greatest. The median is read off a histogram.
  private static func bound(_ map: FeatureMap, greatest: Float) -> Float {
    var counts = [Int](repeating: 0, count: 8192)
    map.visitBlocks { _, values in
      for value in values { counts[min(Int(abs(value) / greatest * 8192), 8191)] += 1 }
      return true
    }
    var passed = 0
    for (bin, count) in counts.enumerated() {
      passed += count
      if 2 * passed >= map.count {
        let median = (Float(bin) + 0.5) / 8192 * greatest
        return bin == 0 ? greatest : min(greatest, mostMedians * median)
      }
    }
    return greatest
  }
}
