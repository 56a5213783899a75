import MtagCore

/// Cuts random crops for training: `[batch, bands, frames, channels]`, standardised.
///
/// The order of the clips and the place of every crop depend on the seed and the epoch alone, so a resumed run sees what
/// an uninterrupted one would have seen. A clip shorter than a crop is repeated to fill it, from a random place on. The
/// last batch of an epoch may be smaller; it is left out only if it would hold a single clip, because batch norm learns
/// nothing good from one (unless it is the only batch).
public struct BatchLoader: Sendable {
  /// The tracks that take part, as indices into `Dataset.tracks`: those that have a map.
  public let indices: [Int]
  /// Clips in a full batch.
  public let batchSize: Int
  /// Columns of a crop.
  public let cropFrames: Int
  /// Rows of a crop; 0 if no track has a map.
  public let bands: Int
  /// Layers of a crop; 0 if no track has a map.
  public let channels: Int

  private let maps: [FeatureMap?]
  private let targets: [Float]
  private let labelCount: Int
  private let mean: Float
  private let deviation: Float
  private let seed: UInt64

  /// Makes a loader over some tracks; those without a map are left out.
  ///
  /// - Parameters:
  ///   - batchSize: clips in a batch, at least 1.
  ///   - cropFrames: columns of a crop, at least 1.
  ///   - standardization: what is subtracted from every value, and what the difference is divided by.
  public init(
    features: FeatureSet, dataset: Dataset, indices: [Int], batchSize: Int, cropFrames: Int,
    standardization: (mean: Float, deviation: Float), seed: UInt64
  ) {
    precondition(batchSize >= 1, "batch size \(batchSize) must be ≥ 1")
    precondition(cropFrames >= 1, "crop of \(cropFrames) frames must be ≥ 1")
    precondition(standardization.deviation != 0, "a deviation of 0 cannot be divided by")
    self.indices = indices.filter { features.maps[$0] != nil }
    self.batchSize = batchSize
    self.cropFrames = cropFrames
    maps = features.maps
    let first = self.indices.first.flatMap { features.maps[$0] }
    (bands, channels) = (first?.bands ?? 0, first?.channels ?? 0)
    labelCount = dataset.labels.count
    targets = self.indices.flatMap { dataset.targets(of: $0) }
    (mean, deviation) = standardization
    self.seed = seed
  }

  /// Batches in an epoch.
  public var batchCount: Int {
    let (full, rest) = indices.count.quotientAndRemainder(dividingBy: batchSize)
    return full + (rest > 1 || (rest == 1 && full == 0) ? 1 : 0)
  }

  /// The order of the clips in an epoch, as positions in `indices`. It follows from seed and epoch, so a loader needs no
  /// state; whoever makes many batches of an epoch computes it once.
  func order(epoch: Int) -> [Int] {
    var generator = RandomGenerator(seed: seed, stream: Self.stream(epoch: epoch, position: 0))
    return generator.shuffled(Array(indices.indices))
  }

  /// One batch of an epoch; both count from 0.
  public func batch(_ index: Int, epoch: Int) -> Batch {
    var batch = Batch()
    fill(&batch, index: index, epoch: epoch, order: order(epoch: epoch))
    return batch
  }

  /// Makes one batch in the memory of another.
  /// - Parameter order: that of the epoch.
  func fill(_ batch: inout Batch, index: Int, epoch: Int, order: [Int]) {
    precondition((0..<batchCount).contains(index), "batch \(index) is not one of \(batchCount)")
    let places = (index * batchSize)..<min((index + 1) * batchSize, indices.count)
    let size = bands * cropFrames * channels
    batch.inputs.resize(to: places.count * size)
    batch.targets.resize(to: places.count * labelCount)
    batch.tracks.removeAll(keepingCapacity: true)
    (batch.batch, batch.bands, batch.frames) = (places.count, bands, cropFrames)
    for (row, place) in places.enumerated() {
      let position = order[place]
      batch.tracks.append(indices[position])
      for label in 0..<labelCount {
        batch.targets[row * labelCount + label] = targets[position * labelCount + label]
      }
      guard let map = maps[indices[position]] else { continue }
      var generator = RandomGenerator(seed: seed, stream: Self.stream(epoch: epoch, position: place + 1))
      // A short clip may start anywhere, for it goes round; a long one where a whole crop is left.
      let starts = map.frames >= cropFrames ? map.frames - cropFrames + 1 : map.frames
      let start = generator.index(below: max(1, starts))
      batch.inputs.withUnsafeMutableBufferPointer { inputs in
        Chunks.cut(
          map, start: start, frames: cropFrames, mean: mean, deviation: deviation,
          into: UnsafeMutableBufferPointer(rebasing: inputs[(row * size)..<((row + 1) * size)]))
      }
    }
  }

  /// One generator for the order of an epoch (position 0) and for the crop at each place in it.
  private static func stream(epoch: Int, position: Int) -> UInt64 { UInt64(epoch) << 32 | UInt64(position) }
}
