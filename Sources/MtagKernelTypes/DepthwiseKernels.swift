/// Convolutions of each channel with a filter of its own, over rows of the target: `image * bands.targetCount + row`.
public struct DepthwiseKernels: Sendable {
  /// target = source ∗ filters + bias, for rows `first ..< first + count`.
  public let forward: @Sendable (DepthwiseRun, _ first: Int, _ count: Int) -> Void
  /// The filters' gradient of rows `first ..< first + count`: `[taps, channels]`, overwritten. `run.target` holds the target's
  /// gradient.
  public let filterGradient:
    @Sendable (DepthwiseRun, _ sum: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int) -> Void

  /// Collects the loops of one level.
  public init(
    forward: @escaping @Sendable (DepthwiseRun, Int, Int) -> Void,
    filterGradient: @escaping @Sendable (DepthwiseRun, UnsafeMutablePointer<Float>, Int, Int) -> Void
  ) {
    self.forward = forward
    self.filterGradient = filterGradient
  }
}

/// Arguments of `DepthwiseKernels`.
public struct DepthwiseRun {
  /// Along the bands.
  public let bands: PatchAxis
  /// Along the frames.
  public let frames: PatchAxis
  /// Floats of a pixel of source and target: a multiple of 16.
  public let channels: Int
  /// `[batch, bands.sourceSize, frames.sourceSize, channels]`
  public let source: UnsafePointer<Float>
  /// `[bands.taps, frames.taps, channels]`, zeros past the last channel.
  public let filters: UnsafePointer<Float>
  /// `[channels]`, or nil.
  public let bias: UnsafePointer<Float>?
  /// What is applied to the sums; nil for nothing. With anything but ReLU and ReLU6 the pixels of a row of the target must stand
  /// side by side.
  public let activation: ActivationFunction?
  /// `[batch, bands.targetSize, frames.targetSize, channels]`
  public let target: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    bands: PatchAxis, frames: PatchAxis, channels: Int, source: UnsafePointer<Float>,
    filters: UnsafePointer<Float>, bias: UnsafePointer<Float>?, activation: ActivationFunction? = nil,
    target: UnsafeMutablePointer<Float>
  ) {
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.source = source
    self.filters = filters
    self.bias = bias
    self.activation = activation
    self.target = target
  }
}
