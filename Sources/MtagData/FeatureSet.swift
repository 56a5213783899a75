public import MtagCore

/// The feature maps of a dataset's tracks.
public struct FeatureSet: Sendable {
  /// The map of every track, by its index in `Dataset.tracks`; nil for a track that was not asked for or was skipped.
  public let maps: [FeatureMap?]
  /// The clips that could not be used, in the order of the tracks.
  public let skipped: [SkippedClip]
  /// How many maps came from the cache.
  public let cachedCount: Int

  /// Makes a set from its maps.
  public init(maps: [FeatureMap?], skipped: [SkippedClip] = [], cachedCount: Int = 0) {
    self.maps = maps
    self.skipped = skipped
    self.cachedCount = cachedCount
  }

  /// Mean and standard deviation over all values of some tracks' maps; (0, 1) if there are none. A deviation of zero is
  /// given as 1, so that dividing by it is safe.
  public func standardization(indices: [Int]) -> (mean: Float, deviation: Float) {
    var (count, sum, squares) = (0.0, 0.0, 0.0)
    for case let map? in indices.map({ maps[$0] }) {
      // One map at a time in Double: dB values of any number of maps stay exact enough for one pass.
      let (mapSum, mapSquares) = map.values.withUnsafeBufferPointer { values in
        values.reduce(into: (0.0, 0.0)) { sums, value in
          sums.0 += Double(value)
          sums.1 += Double(value) * Double(value)
        }
      }
      count += Double(map.values.count)
      sum += mapSum
      squares += mapSquares
    }
    guard count > 0 else { return (0, 1) }
    let mean = sum / count
    let variance = max(0, squares / count - mean * mean)
    return (Float(mean), variance > 1e-12 ? Float(variance.squareRoot()) : 1)
  }
}
