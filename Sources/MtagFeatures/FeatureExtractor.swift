public import MtagCore

/// Turns samples into a feature map by one `FeatureSpec`.
///
/// Conformers are immutable after `init` and may be used by any number of threads at once.
public protocol FeatureExtractor: Sendable {
  /// The contract this extractor fulfils.
  var spec: FeatureSpec { get }
  /// Rows of the map.
  var bands: Int { get }
  /// Columns of the map for a clip of `samples` samples at the spec's rate.
  func frameCount(samples: Int) -> Int
  /// Starts a clip whose samples arrive in blocks. Memory is that of the features, not of the sound.
  func makeStream() throws -> any FeatureStream
}

/// One clip under way: push blocks of any length, then finish. Gives the same bytes however the clip is cut into blocks.
/// Belongs to one thread at a time.
public protocol FeatureStream: AnyObject {
  /// Appends mono samples at the spec's rate.
  /// - Throws: `MtagError` (badData) if a sample is NaN or infinite.
  func push(_ samples: UnsafeBufferPointer<Float>) throws
  /// Ends the clip and returns `[bands, frames]`.
  func finish() throws -> FeatureMap
}

extension FeatureExtractor {
  /// Features of a whole clip: mono samples at the spec's rate → `[bands, frames]`.
  /// - Throws: `MtagError` (badData) if the clip is empty or holds NaN or infinity.
  public func extract(_ samples: [Float]) throws -> FeatureMap {
    let stream = try makeStream()
    try samples.withUnsafeBufferPointer { try stream.push($0) }
    return try stream.finish()
  }
}
