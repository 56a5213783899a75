/// Convolutions of three taps along the frames, with stride 1 and one zero of padding, for inference: Winograd's F(4, 3), which
/// multiplies half as often as the plain loops. See `WinogradKernels` for the source and the points.
public struct RowWinogradKernels: Sendable {
  /// Tiles of four frames that are worked on together.
  public let blockTiles: Int
  /// Transforms filters `[out, in, 1, 3]` to `6 · in · out` floats (zeroed by the caller once), `count` output channels from
  /// `first` on, a multiple of 16.
  public let transformFilters: @Sendable (FilterTransform, _ first: Int, _ count: Int) -> Void
  /// Computes tiles `first ..< first + count`, row after row.
  public let forward: @Sendable (RowWinogradRun, _ first: Int, _ count: Int) -> Void

  /// Collects the loops of one level.
  public init(
    blockTiles: Int, transformFilters: @escaping @Sendable (FilterTransform, Int, Int) -> Void,
    forward: @escaping @Sendable (RowWinogradRun, Int, Int) -> Void
  ) {
    self.blockTiles = blockTiles
    self.transformFilters = transformFilters
    self.forward = forward
  }

  /// Floats of scratch memory that `forward` needs for one worker.
  public func scratchCount(inputChannels: Int, outputChannels: Int) -> Int {
    6 * (blockTiles * (inputChannels + min(outputChannels, 64)) + 2 * 16)
  }
}

/// Arguments of `RowWinogradKernels.forward`.
public struct RowWinogradRun {
  /// Rows of frames: bands of all clips.
  public let rows: Int
  /// Frames of a row.
  public let frames: Int
  /// Floats of a pixel of the input, a multiple of 16.
  public let inputChannels: Int
  /// Floats of a pixel of the output, a multiple of 16.
  public let outputChannels: Int
  /// `[rows, frames, inputChannels]`
  public let x: UnsafePointer<Float>
  /// Transformed filters.
  public let filters: UnsafePointer<Float>
  /// `[outputChannels]`, or nil.
  public let bias: UnsafePointer<Float>?
  /// What is applied to the sums; nil for nothing.
  public let activation: ActivationFunction?
  /// `[rows, frames, outputChannels]`
  public let y: UnsafeMutablePointer<Float>
  /// The output channels that are computed, multiples of 64 but for the end.
  public let channels: Range<Int>
  /// `scratchCount` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    rows: Int, frames: Int, inputChannels: Int, outputChannels: Int, x: UnsafePointer<Float>,
    filters: UnsafePointer<Float>, bias: UnsafePointer<Float>?, activation: ActivationFunction?,
    y: UnsafeMutablePointer<Float>, channels: Range<Int>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.rows = rows
    self.frames = frames
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.x = x
    self.filters = filters
    self.bias = bias
    self.activation = activation
    self.y = y
    self.channels = channels
    self.scratch = scratch
  }

  /// Tiles of four frames in a row.
  @inlinable public var tileColumns: Int { (frames + 3) / 4 }
}
