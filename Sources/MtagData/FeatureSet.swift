public import MtagCore
public import MtagFeatures

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

  /// Computes the features of some tracks on several threads, or reads them from the cache.
  public static func compute(
    _ dataset: Dataset, indices: [Int], extractor: any FeatureExtractor, cacheFolder: String?, threads: Int,
    observer: Observer
  ) throws -> FeatureSet {
    throw MtagError(.internalFault, "FeatureSet.compute is not written yet")
  }

  /// Mean and standard deviation over all values of some tracks' maps.
  public func standardization(indices: [Int]) -> (mean: Float, deviation: Float) { (0, 1) }
}
