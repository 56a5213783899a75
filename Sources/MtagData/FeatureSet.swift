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
  /// given as 1, so that dividing by it is safe. The number of threads changes no bit of them.
  public func standardization(indices: [Int], threads: Int = 1) -> (mean: Float, deviation: Float) {
    // In double precision: dB values of any number of maps stay exact enough for one pass.
    let sums = ParallelExecutor(threads: threads).map(indices.compactMap { maps[$0] }) { ValueSums($0) }
    let (count, sum, squares) = sums.reduce(into: (0.0, 0.0, 0.0)) { total, map in
      total.0 += Double(map.count)
      total.1 += map.sum
      total.2 += map.sumOfSquares
    }
    guard count > 0 else { return (0, 1) }
    let mean = sum / count
    let variance = max(0, squares / count - mean * mean)
    return (Float(mean), variance > 1e-12 ? Float(variance.squareRoot()) : 1)
  }
}
