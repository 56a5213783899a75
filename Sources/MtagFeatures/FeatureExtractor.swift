public import MtagCore

/// Turns samples into a feature map by one `FeatureSpec`.
///
/// Conformers are immutable after `init` and may be used by any number of threads at once.
public protocol FeatureExtractor: Sendable {
  /// The contract this extractor fulfils.
  var spec: FeatureSpec { get }
  /// Bands and channels of every map.
  var shape: MapShape { get }
  /// What rows, columns and values mean.
  var axes: MapAxes { get }
  /// What a frame costs, in multiply-accumulates: an estimate from the algorithm, for comparing with a network's.
  var multiplyAccumulatesPerFrame: Double { get }
  /// Columns of the map for a clip of `samples` samples at the spec's rate; never falls as clips grow.
  func frameCount(samples: Int) -> Int
  /// Starts a clip whose samples arrive in blocks. Memory is bounded, whatever the length of the clip: what is more than
  /// some tens of megabytes goes to a temporary file.
  func makeStream() throws -> any FeatureStream
}

/// One clip under way: push blocks of any length, then finish. Gives the same bytes however the clip is cut into blocks.
/// Belongs to one thread at a time.
public protocol FeatureStream: AnyObject {
  /// Appends mono samples at the spec's rate.
  /// - Throws: `MtagError` (badData) if a sample is NaN or infinite, (inputOutput) if a temporary file cannot be written.
  func push(_ samples: UnsafeBufferPointer<Float>) throws
  /// Ends the clip and returns `[bands, frames, channels]`.
  func finish() throws -> FeatureMap
}

/// Bands and channels of a feature map: what a network must read.
public struct MapShape: Sendable, Hashable {
  /// Rows.
  public let bands: Int
  /// Layers.
  public let channels: Int

  /// Puts a shape together.
  public init(bands: Int, channels: Int = 1) {
    self.bands = bands
    self.channels = channels
  }
}

extension FeatureExtractor {
  /// Rows of the map.
  public var bands: Int { shape.bands }

  /// Layers of the map.
  public var channels: Int { shape.channels }

  /// Features of a whole clip: mono samples at the spec's rate → `[bands, frames, channels]`.
  /// - Throws: `MtagError` (badData) if the clip is empty or holds NaN or infinity.
  public func extract(_ samples: [Float]) throws -> FeatureMap {
    let stream = try makeStream()
    try samples.withUnsafeBufferPointer { try stream.push($0) }
    return try stream.finish()
  }

  /// The fewest samples that give `frames` frames; 0 for no frames.
  public func fewestSamples(frames: Int) -> Int {
    FeatureOutline.fewestSamples(frames: frames) { frameCount(samples: $0) }
  }
}
