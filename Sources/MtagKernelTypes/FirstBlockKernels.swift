/// The first block of a spectrogram network: one input channel, 3×3 convolution without bias, batch norm, ReLU, 2×2 max pool.
///
/// Its convolution output is the largest tensor of the whole network and the cheapest to compute, so it is never stored: the
/// batch statistics follow from the 9×9 moments of the input patches, and backward computes it again.
public struct FirstBlockRun {
  /// Rows of the input of each clip.
  public let bands: Int
  /// Columns of the input.
  public let frames: Int
  /// Channels of an output pixel in memory.
  public let channels: Int
  /// Input `[batch, bands, frames]`.
  public let x: UnsafePointer<Float>
  /// `[9, channels]`: taps times the norm's scale.
  public let scaledTaps: UnsafePointer<Float>
  /// `[channels]`: the norm's shift.
  public let shift: UnsafePointer<Float>
  /// `[batch, bands / 2, frames / 2, channels]`: the result, or in backward its gradient.
  public let z: UnsafeMutablePointer<Float>
  /// Backward: sums of g * patch for the nine taps, then of g: `[10, channels]`, added to.
  public let sums: UnsafeMutablePointer<Double>
  /// `4 * (frames + 4)` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    bands: Int, frames: Int, channels: Int, x: UnsafePointer<Float>, scaledTaps: UnsafePointer<Float>,
    shift: UnsafePointer<Float>, z: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.x = x
    self.scaledTaps = scaledTaps
    self.shift = shift
    self.z = z
    self.sums = sums
    self.scratch = scratch
  }
}

/// The loops over pooled rows `first ..< first + count` of the whole batch, and over input rows for the moments.
public struct FirstBlockKernels: Sendable {
  /// Sums over the pixels of rows `first ..< first + count` (`image * bands + band`) of the nine patch values (`[9]`) and their
  /// products (`[9, 9]`), zeros outside the picture: 90 doubles, added to.
  public let moments:
    @Sendable (FirstBlockRun, _ moments: UnsafeMutablePointer<Double>, _ first: Int, _ count: Int) -> Void
  /// z = pool(relu(convolution * scale + shift))
  public let forward: @Sendable (FirstBlockRun, _ first: Int, _ count: Int) -> Void
  /// Adds the sums that all gradients of the block follow from.
  public let backward: @Sendable (FirstBlockRun, _ first: Int, _ count: Int) -> Void

  /// Collects the loops of one level.
  public init(
    moments: @escaping @Sendable (FirstBlockRun, UnsafeMutablePointer<Double>, Int, Int) -> Void,
    forward: @escaping @Sendable (FirstBlockRun, Int, Int) -> Void,
    backward: @escaping @Sendable (FirstBlockRun, Int, Int) -> Void
  ) {
    self.moments = moments
    self.forward = forward
    self.backward = backward
  }
}
