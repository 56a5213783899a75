/// Batch norm, activation and 2×2 max pool in one pass over memory.
public struct NormShape: Sendable, Hashable {
  /// Rows of the input of each clip.
  public let bands: Int
  /// Columns of the input.
  public let frames: Int
  /// Channels of a pixel in memory.
  public let channels: Int
  /// Whether negative values become zero.
  public let hasReLU: Bool
  /// Whether windows of 2×2 are reduced to their maximum; a last odd row or column is dropped.
  public let hasPool: Bool

  /// Makes a shape.
  public init(bands: Int, frames: Int, channels: Int, hasReLU: Bool, hasPool: Bool) {
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.hasReLU = hasReLU
    self.hasPool = hasPool
  }

  /// Output rows of a clip.
  @inlinable public var outputBands: Int { hasPool ? bands / 2 : bands }
  /// Output columns.
  @inlinable public var outputFrames: Int { hasPool ? frames / 2 : frames }
}

/// Arguments of the norm loops. Rows are output rows of the whole batch: `image * outputBands + row`.
public struct NormRun {
  /// Sizes.
  public let shape: NormShape
  /// Convolution output `[batch, bands, frames, channels]`.
  public let y: UnsafePointer<Float>
  /// `backwardApply` writes the gradient of y here, laid out as y; it may be y itself. Of this memory only the rows that belong
  /// to the rows asked for need to exist.
  public let yGradient: UnsafeMutablePointer<Float>
  /// `[batch, outputBands, outputFrames, channels]`: the result, or in backward the result's gradient.
  public let z: UnsafeMutablePointer<Float>
  /// Vectors of `channels` floats. Forward value before activation: y * scale + shift.
  public let scale: UnsafePointer<Float>
  /// See `scale`.
  public let shift: UnsafePointer<Float>
  /// Backward: y * inverseDeviation − meanOverDeviation is the normalised value.
  public let inverseDeviation: UnsafePointer<Float>
  /// See `inverseDeviation`.
  public let meanOverDeviation: UnsafePointer<Float>
  /// Backward: dy = scale * (g − meanGradient − normalised * meanProduct).
  public let meanGradient: UnsafePointer<Float>
  /// See `meanGradient`.
  public let meanProduct: UnsafePointer<Float>
  /// `backwardSums`: the sums of g, then of g * normalised, are added here: `[2, channels]`.
  public let sums: UnsafeMutablePointer<Double>
  /// `2 * channels` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>
  /// `forward`: whether z is written past the caches, for a z larger than they are; it must then be aligned to 64 bytes.
  public let streams: Bool

  /// Collects the arguments.
  public init(
    shape: NormShape, y: UnsafePointer<Float>, yGradient: UnsafeMutablePointer<Float>,
    z: UnsafeMutablePointer<Float>, scale: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, inverseDeviation: UnsafePointer<Float>,
    meanOverDeviation: UnsafePointer<Float>,
    meanGradient: UnsafePointer<Float>, meanProduct: UnsafePointer<Float>, sums: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Float>, streams: Bool
  ) {
    self.shape = shape
    self.y = y
    self.yGradient = yGradient
    self.z = z
    self.scale = scale
    self.shift = shift
    self.inverseDeviation = inverseDeviation
    self.meanOverDeviation = meanOverDeviation
    self.meanGradient = meanGradient
    self.meanProduct = meanProduct
    self.sums = sums
    self.scratch = scratch
    self.streams = streams
  }
}

/// The loops over rows `first ..< first + count`.
public struct NormKernels: Sendable {
  /// z = pool(relu(y * scale + shift))
  public let forward: @Sendable (NormRun, _ first: Int, _ count: Int) -> Void
  /// Adds the channel sums that the gradient needs.
  public let backwardSums: @Sendable (NormRun, _ first: Int, _ count: Int) -> Void
  /// Writes the gradient of y.
  public let backwardApply: @Sendable (NormRun, _ first: Int, _ count: Int) -> Void
  /// Adds sums, then sums of squares, of pixels `first ..< first + count` of y `[pixels, channels]` to `sums` `[2, channels]`.
  public let statistics:
    @Sendable (
      _ y: UnsafePointer<Float>, _ channels: Int, _ sums: UnsafeMutablePointer<Double>, _ first: Int,
      _ count: Int
    ) -> Void

  /// Collects the loops of one level.
  public init(
    forward: @escaping @Sendable (NormRun, Int, Int) -> Void,
    backwardSums: @escaping @Sendable (NormRun, Int, Int) -> Void,
    backwardApply: @escaping @Sendable (NormRun, Int, Int) -> Void,
    statistics:
      @escaping @Sendable (UnsafePointer<Float>, Int, UnsafeMutablePointer<Double>, Int, Int) -> Void
  ) {
    self.forward = forward
    self.backwardSums = backwardSums
    self.backwardApply = backwardApply
    self.statistics = statistics
  }
}
