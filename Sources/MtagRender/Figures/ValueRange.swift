import MtagCore

/// The values that a part's colours span, and what else its values say about its colours.
///
/// Without a wanted range: levels span their values, but no more than 80 dB below their maximum, so that a floor far down
/// does not take the colours of the music; an indexed map with values on both sides of zero (cepstra, differences) spans
/// zero ± the smaller of its greatest magnitude and six times its median magnitude, so that one large row does not take
/// them. Frequencies and pitches whose values are no levels (PCEN, powers) end at the value that 98 % do not exceed, if the
/// others would take a fifth of the colours or more. Any other part spans its values. Bands that
/// are not on the axis do not count. The ends of the colour bar tell what was clipped.
struct ValueRange {
  /// The value of the first colour.
  let low: Float
  /// The value of the last colour.
  let high: Float
  /// The greatest value on the axis.
  let greatest: Float
  /// The least value on the axis.
  let least: Float
  /// Whether zero is in the middle and the two sides differ in colour.
  let isSigned: Bool
  /// Whether the range was asked for.
  let isWanted: Bool
  /// For levels, how often the power doubles with one unit; nil for values that are no levels.
  let doublingsPerUnit: Float?

  /// Whether there are values below `low`.
  var clipsLow: Bool { least < low }
  /// Whether there are values above `high`.
  var clipsHigh: Bool { greatest > high }

  private static let mostDecibels: Float = 80
  private static let doublingsPerDecibel: Float = 0.332192809
  private static let mostMedians: Float = 6

  /// Looks at all values, block by block.
  /// - Parameters:
  ///   - rows: the bands of the map.
  ///   - meaning: what they stand for.
  /// - Throws: `MtagError` (badData) if a value is not finite, (usage) if the wanted range does not rise.
  init(
    _ map: FeatureMap, rows: Range<Int>, meaning: MapAxes.Bands, unit: String, scale: BandScale,
    wanted: (low: Float, high: Float)?, path: String
  ) throws {
    let all = try map.extremes(path: path, rows: rows)
    let bands = scale.shownBands
    let shown = rows.lowerBound + bands.lowerBound..<rows.lowerBound + bands.upperBound
    (least, greatest) = shown == rows ? all : try map.extremes(path: path, rows: shown)
    var isIndexed = false
    if case .index = meaning { isIndexed = true }
    isSigned = isIndexed && least < 0 && greatest > 0
    isWanted = wanted != nil
    doublingsPerUnit = Self.doublingsPerUnit(meaning, unit: unit)
    if let wanted {
      guard wanted.low.isFinite, wanted.high.isFinite, wanted.low < wanted.high else {
        throw MtagError(.usage, "range \(wanted.low):\(wanted.high) must be two finite numbers that rise")
      }
      (low, high) = wanted
    } else if isSigned {
      let bound = Self.bound(map, rows: shown, greatest: max(-least, greatest))
      (low, high) = (-bound, bound)
    } else if let doublingsPerUnit {
      high = greatest
      low = max(least, greatest - Self.mostDecibels * Self.doublingsPerDecibel / doublingsPerUnit)
    } else {
      switch meaning {
      case .frequency, .pitch:
        low = least
        high = CommonValues(map: map, rows: shown, least: least, greatest: greatest).upperEnd
      case .tempo, .pitchClass, .frequencyRange, .index, .groups, .amplitude: (low, high) = (least, greatest)
      }
    }
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
  private static func doublingsPerUnit(_ meaning: MapAxes.Bands, unit: String) -> Float? {
    switch meaning {
    case .frequency, .pitch: break
    case .pitchClass, .tempo, .frequencyRange, .index, .groups, .amplitude: return nil
    }
    switch unit {
    case "dB": return doublingsPerDecibel
    case "ln": return 1.44269504
    case "log10": return 3.32192809
    default: return nil
    }
  }

  /// Six times the median magnitude, or the greatest. The median is read off a histogram.
  private static func bound(_ map: FeatureMap, rows: Range<Int>, greatest: Float) -> Float {
    var counts = [Int](repeating: 0, count: 8192)
    map.visitBlocks(rows: rows) { _, values in
      for value in values { counts[min(Int(abs(value) / greatest * 8192), 8191)] += 1 }
      return true
    }
    var passed = 0
    for (bin, count) in counts.enumerated() {
      passed += count
      if 2 * passed >= rows.count * map.frames * map.channels {
        let median = (Float(bin) + 0.5) / 8192 * greatest
        return bin == 0 ? greatest : min(greatest, mostMedians * median)
      }
    }
    return greatest
  }
}
