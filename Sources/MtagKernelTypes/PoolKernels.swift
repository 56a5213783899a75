/// Pools of every kind: each target pixel takes the largest value or the weighted sum of a window of the source.
public struct PoolKernels: Sendable {
  /// Floats of a pixel that are worked on together.
  public static let chunkFloats = 64

  /// Computes units `first ..< first + count`: chunks of a pixel's channels, pixel after pixel.
  public let forward: @Sendable (PoolRun, _ first: Int, _ count: Int) -> Void
  /// Computes the gradient of the source for slabs `first ..< first + count`: a chunk of channels of a whole clip, chunk after
  /// chunk, clip after clip. Largest values pass their gradient to the first place that held them.
  public let backward: @Sendable (PoolRun, PoolGradient, _ first: Int, _ count: Int) -> Void

  /// Collects the loops of one level.
  public init(
    forward: @escaping @Sendable (PoolRun, Int, Int) -> Void,
    backward: @escaping @Sendable (PoolRun, PoolGradient, Int, Int) -> Void
  ) {
    self.forward = forward
    self.backward = backward
  }
}

/// The window of one target position along one axis.
public struct PoolWindow {
  /// The first source position.
  public let start: Int32
  /// The position after the last; none lies outside of the source.
  public let end: Int32
  /// What a sum is multiplied with along this axis.
  public let weight: Float

  /// Makes a window.
  public init(start: Int, end: Int, weight: Float) {
    self.start = Int32(start)
    self.end = Int32(end)
    self.weight = weight
  }
}

/// One axis of a pool.
public struct PoolAxis {
  /// Positions of the source.
  public let size: Int
  /// Positions of the target.
  public let count: Int
  /// A window for each of them.
  public let windows: UnsafePointer<PoolWindow>

  /// Collects the numbers.
  public init(size: Int, count: Int, windows: UnsafePointer<PoolWindow>) {
    self.size = size
    self.count = count
    self.windows = windows
  }
}

/// Arguments of `PoolKernels`.
public struct PoolRun {
  /// Whether windows give their largest value; else their weighted sum.
  public let takesLargest: Bool
  /// Along the bands.
  public let bands: PoolAxis
  /// Along the frames.
  public let frames: PoolAxis
  /// Floats of a pixel, a multiple of 16.
  public let channels: Int
  /// `[batch, bands.size, frames.size, channels]`
  public let source: UnsafePointer<Float>
  /// `[batch, bands.count, frames.count, channels]`; `backward` leaves it alone.
  public let target: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    takesLargest: Bool, bands: PoolAxis, frames: PoolAxis, channels: Int, source: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>
  ) {
    self.takesLargest = takesLargest
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.source = source
    self.target = target
  }

  /// Chunks of a pixel.
  @inlinable public var chunks: Int { (channels + PoolKernels.chunkFloats - 1) / PoolKernels.chunkFloats }
}

/// Arguments of `PoolKernels.backward`.
public struct PoolGradient {
  /// `[batch, bands.count, frames.count, channels]`
  public let target: UnsafePointer<Float>
  /// `[batch, bands.size, frames.size, channels]`, overwritten.
  public let source: UnsafeMutablePointer<Float>
  /// Whether each source position lies in exactly one window.
  public let isPartition: Bool

  /// Collects the arguments.
  public init(target: UnsafePointer<Float>, source: UnsafeMutablePointer<Float>, isPartition: Bool) {
    self.target = target
    self.source = source
    self.isPartition = isPartition
  }
}
