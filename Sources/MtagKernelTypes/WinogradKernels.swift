/// The size of a 3×3 convolution with stride 1 and one zero of padding: as many bands and frames out as in. In inference also that
/// of a 5×5 convolution with two zeros: both have tiles of 6×6 pixels of the input, which give 4×4 or 2×2 of the output.
public struct WinogradShape: Sendable, Hashable {
  /// Clips in the batch.
  public let batch: Int
  /// Rows of input and output.
  public let bands: Int
  /// Columns of input and output.
  public let frames: Int
  /// Channels of a pixel of the input in memory: a multiple of 16, the rest of the last block zero.
  public let inputChannels: Int
  /// Channels of a pixel of the output in memory: a multiple of 16.
  public let outputChannels: Int
  /// Taps of the kernel along each axis: 3 or 5.
  public let kernel: Int

  /// Makes a shape.
  public init(
    batch: Int, bands: Int, frames: Int, inputChannels: Int, outputChannels: Int, kernel: Int = 3
  ) {
    self.kernel = kernel
    self.batch = batch
    self.bands = bands
    self.frames = frames
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
  }

  /// Rows and columns of an output tile.
  @inlinable public var tileSize: Int { 7 - kernel }
  /// Rows of output tiles.
  @inlinable public var tileRows: Int { (bands + tileSize - 1) / tileSize }
  /// Columns of output tiles.
  @inlinable public var tileColumns: Int { (frames + tileSize - 1) / tileSize }
  /// Tiles of the whole batch.
  @inlinable public var tiles: Int { batch * tileRows * tileColumns }
  /// The same convolution seen from its output: for the gradient of the input.
  public var transposed: WinogradShape {
    WinogradShape(
      batch: batch, bands: bands, frames: frames, inputChannels: outputChannels, outputChannels: inputChannels
    )
  }
  /// Floats of the transformed filters: 36 matrices of input × output channels.
  public var filterCount: Int { 36 * inputChannels * outputChannels }
}

/// Winograd convolution F(4×4, 3×3) and its gradients, and F(2×2, 5×5) for inference, for a range of tiles. Source: Lavin and Gray, "Fast algorithms for
/// convolutional neural networks" (2015), with the points 0, ±√½, ±√2, ∞, whose rounding errors are smaller than theirs.
///
/// The error against a convolution in double precision, for normal inputs of unit variance, in units of the result's root mean
/// square: largest / root mean square of 130,784 outputs at the v4 level. Weights are normal with variance 1 / fan-in, or uniform
/// in ±1 / √fan-in as PyTorch draws them. Beyond 256 channels the sums are cut in parts of 256; in one go the largest errors at
/// 1024 channels were 2.2e-5. The input's gradient is the same convolution with turned filters.
///
///     channels summed   normal              uniform
///                  16   4.6e-6 / 5.9e-7     3.8e-6 / 5.7e-7
///                  32   5.1e-6 / 6.7e-7     6.2e-6 / 6.9e-7
///                  64   6.2e-6 / 8.3e-7     6.8e-6 / 8.5e-7
///                 128   8.7e-6 / 1.1e-6     1.0e-5 / 1.1e-6
///                 256   1.2e-5 / 1.5e-6     1.3e-5 / 1.5e-6
///                 512   1.4e-5 / 1.5e-6     1.6e-5 / 1.5e-6
///                1024   9.8e-6 / 1.5e-6     1.1e-5 / 1.5e-6
///                2048   9.6e-6 / 1.5e-6     9.1e-6 / 1.5e-6
///
///     tiles summed      weights' gradient
///              1 - 768  4.1e-6 / 8.6e-7
///                 3072  4.7e-6 / 1.1e-6
///                 6144  5.7e-6 / 1.3e-6
public struct WinogradKernels: Sendable {
  /// Tiles transformed and multiplied together.
  public let blockTiles: Int
  /// Transforms filters for `forward`: weights `[out, in, 3, 3]` without padding of channels → `filterCount` floats (zeroed by
  /// the caller once). `isTransposed` swaps the roles of input and output and turns the filters by 180°: for the gradient of
  /// the input. Does `count` output channels (or, transposed, input channels) from `first`, a multiple of 16.
  public let transformFilters: @Sendable (FilterTransform, _ first: Int, _ count: Int) -> Void
  /// y = x ∗ filters + bias, for tiles `first ..< first + count`.
  public let forward: @Sendable (WinogradForward, _ first: Int, _ count: Int) -> Void
  /// The same for inference, with the activation and 2×2 pool that `ending` names, before anything is written: y is then
  /// `[batch, bands / 2, frames / 2, outputChannels]`. Makes no sums. The only one that takes 5×5 kernels.
  public let forwardBlock: @Sendable (WinogradForward, WinogradEnding, _ first: Int, _ count: Int) -> Void
  /// Adds the filters' gradient of tiles `first ..< first + count`, in the transformed domain.
  public let filterGradient: @Sendable (WinogradFilterGradient, _ first: Int, _ count: Int) -> Void
  /// Transformed gradient → `[out, in, 3, 3]` (overwritten).
  public let finishFilterGradient: @Sendable (FilterTransform) -> Void

  /// Collects the loops of one level.
  public init(
    blockTiles: Int,
    transformFilters: @escaping @Sendable (FilterTransform, Int, Int) -> Void,
    forward: @escaping @Sendable (WinogradForward, Int, Int) -> Void,
    forwardBlock: @escaping @Sendable (WinogradForward, WinogradEnding, Int, Int) -> Void,
    filterGradient: @escaping @Sendable (WinogradFilterGradient, Int, Int) -> Void,
    finishFilterGradient: @escaping @Sendable (FilterTransform) -> Void
  ) {
    self.blockTiles = blockTiles
    self.transformFilters = transformFilters
    self.forward = forward
    self.forwardBlock = forwardBlock
    self.filterGradient = filterGradient
    self.finishFilterGradient = finishFilterGradient
  }

  /// Floats of scratch memory that `forward` needs for one worker.
  public func forwardScratchCount(_ shape: WinogradShape) -> Int {
    36 * blockTiles * (shape.inputChannels + min(shape.outputChannels, 64)) + 3 * 36 * 16
  }

  /// Floats of scratch memory that `filterGradient` needs for one worker, its sum included.
  public func gradientScratchCount(_ shape: WinogradShape) -> Int {
    36 * blockTiles * (shape.inputChannels + shape.outputChannels) + 3 * 36 * 16 + shape.filterCount
  }
}

/// What follows a convolution in the same pass.
public struct WinogradEnding: Sendable, Hashable {
  /// How windows of 2×2 become one pixel; a last odd row or column is dropped.
  public enum Pool: Sendable, Hashable {
    case none, largest, mean
  }

  /// What is applied to the sums; nil for nothing. Before a pool only nothing, ReLU or ReLU6.
  public let activation: ActivationFunction?
  /// What follows the activation.
  public let pool: Pool

  /// Makes an ending.
  public init(activation: ActivationFunction?, pool: Pool) {
    precondition(
      pool == .none || activation == nil || activation == .relu || activation == .relu6,
      "a pool after \(activation.map(String.init(describing:)) ?? "nothing") is a pass of its own")
    self.activation = activation
    self.pool = pool
  }

  /// Whether windows are reduced.
  @inlinable public var hasPool: Bool { pool != .none }
}

/// Arguments of the filter transforms: `weights` `[outputCount, inputCount, 3, 3]`, `transformed` for padded channel counts.
public struct FilterTransform {
  /// Filters in PyTorch's layout, of `kernel` × `kernel` taps.
  public let weights: UnsafeMutablePointer<Float>
  /// `[36, panels, in, panel width]`.
  public let transformed: UnsafeMutablePointer<Float>
  /// True output channels.
  public let outputCount: Int
  /// True input channels.
  public let inputCount: Int
  /// Padded output channels.
  public let outputChannels: Int
  /// Padded input channels.
  public let inputChannels: Int
  /// Whether the filters are turned and transposed; not for 5×5.
  public let isTransposed: Bool
  /// Taps along each axis: 3 or 5.
  public let kernel: Int

  /// Collects the arguments.
  public init(
    weights: UnsafeMutablePointer<Float>, transformed: UnsafeMutablePointer<Float>, outputCount: Int,
    inputCount: Int,
    outputChannels: Int, inputChannels: Int, isTransposed: Bool, kernel: Int = 3
  ) {
    self.kernel = kernel
    self.weights = weights
    self.transformed = transformed
    self.outputCount = outputCount
    self.inputCount = inputCount
    self.outputChannels = outputChannels
    self.inputChannels = inputChannels
    self.isTransposed = isTransposed
  }
}

/// Arguments of `WinogradKernels.forward`.
public struct WinogradForward {
  /// Sizes.
  public let shape: WinogradShape
  /// `[batch, bands, frames, inputChannels]`
  public let x: UnsafePointer<Float>
  /// Transformed filters.
  public let filters: UnsafePointer<Float>
  /// `[outputChannels]`, or nil.
  public let bias: UnsafePointer<Float>?
  /// `[batch, bands, frames, outputChannels]`
  public let y: UnsafeMutablePointer<Float>
  /// `forwardScratchCount` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>
  /// Sums, then sums of squares, of each output channel over these tiles are added here: `[2, outputChannels]`; or nil.
  public let sums: UnsafeMutablePointer<Double>?
  /// Whether y is written past the caches, for a y larger than they are; it must then be aligned to 64 bytes.
  public let streams: Bool
  /// The output channels that are computed, multiples of 64 but for the end; the rest is left alone.
  public let channels: Range<Int>

  /// Collects the arguments.
  public init(
    shape: WinogradShape, x: UnsafePointer<Float>, filters: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, sums: UnsafeMutablePointer<Double>?,
    streams: Bool = false, channels: Range<Int>? = nil
  ) {
    self.shape = shape
    self.x = x
    self.filters = filters
    self.bias = bias
    self.y = y
    self.scratch = scratch
    self.sums = sums
    self.streams = streams
    self.channels = channels ?? 0..<shape.outputChannels
  }
}

/// Arguments of `WinogradKernels.filterGradient`.
public struct WinogradFilterGradient {
  /// Sizes of the forward convolution.
  public let shape: WinogradShape
  /// The forward input.
  public let x: UnsafePointer<Float>
  /// The gradient of the output: `[batch, bands, frames, outputChannels]`.
  public let outputGradient: UnsafePointer<Float>
  /// The transformed gradient, `filterCount` floats.
  public let sum: UnsafeMutablePointer<Float>
  /// Scratch of this worker.
  public let scratch: UnsafeMutablePointer<Float>
  /// Whether these tiles are added to `sum`; else they overwrite it.
  public let accumulates: Bool

  /// Collects the arguments.
  public init(
    shape: WinogradShape, x: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    self.shape = shape
    self.x = x
    self.outputGradient = outputGradient
    self.sum = sum
    self.scratch = scratch
    self.accumulates = accumulates
  }
}
