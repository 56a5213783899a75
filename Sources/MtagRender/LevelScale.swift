internal import MtagCore

/// The straight line between levels in dB and the share of full brightness.
struct LevelScale {
  /// The level of the darkest pixel.
  let low: Float
  /// The level of the brightest pixel.
  let high: Float

  /// Makes a scale; nil if the bounds are not finite or not in order.
  init?(low: Float, high: Float) {
    guard low.isFinite, high.isFinite, low <= high else { return nil }
    self.low = low
    self.high = high
  }

  /// The scale of a map: the wanted range, or from its least to its greatest value.
  /// - Throws: `MtagError` (badData) if a value is not finite, (usage) if the range is not one.
  init(_ map: FeatureMap, range: (lowDB: Float, highDB: Float)?, path: String) throws {
    let extremes = try map.extremes(path: path)
    let low = range?.lowDB ?? extremes.least
    let high = range?.highDB ?? extremes.greatest
    guard let scale = LevelScale(low: low, high: high) else {
      throw MtagError(.usage, "range \(low) to \(high) dB must be finite and rise")
    }
    self = scale
  }

  /// Where a level lies: 0 at `low`, 1 at `high`, clipped; 0 if the range is a point.
  func share(_ level: Float) -> Double {
    guard high > low else { return 0 }
    let share = (Double(level) - Double(low)) / (Double(high) - Double(low))
    return min(max(share, 0), 1)
  }

  /// The level of a 16-bit grey.
  func level(_ step: UInt16) -> Float {
    Float(Double(low) + Double(step) / 65535 * (Double(high) - Double(low)))
  }
}
