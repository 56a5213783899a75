/// Loops that go over values one by one.
public struct PointwiseKernels: Sendable {
  /// y = f(x) for `count` values; y may be x.
  public let activate: @Sendable (ActivationFunction, _ y: Target, _ x: Source, _ count: Int) -> Void
  /// dx = f′(x) · dy; dx may be dy.
  public let activationGradient:
    @Sendable (ActivationFunction, _ dx: Target, _ x: Source, _ dy: Source, _ count: Int) -> Void
  /// y = 10 log10(max(x, floor)), for a floor that is a normal number above zero.
  public let decibels: @Sendable (_ y: Target, _ x: Source, _ floor: Float, _ count: Int) -> Void
  /// The gradient of `decibels`: nothing below the floor.
  public let decibelGradient:
    @Sendable (_ dx: Target, _ x: Source, _ dy: Source, _ floor: Float, _ count: Int) -> Void
  /// Sum or product of two operands, for target pixels `first ..< first + count`.
  public let combine: @Sendable (CombineRun, _ first: Int, _ count: Int) -> Void
  /// Adds up gradients for an operand that was repeated; see `ProductRow`.
  public let addProducts: @Sendable (ProductRow) -> Void
  /// Softmax, or its gradient, of columns or runs `first ..< first + count`; see `SoftmaxRun`.
  public let softmax: @Sendable (SoftmaxRun, _ first: Int, _ count: Int) -> Void

  /// What is written.
  public typealias Target = UnsafeMutablePointer<Float>
  /// What is read.
  public typealias Source = UnsafePointer<Float>

  /// Collects the loops of one level.
  public init(
    activate: @escaping @Sendable (ActivationFunction, Target, Source, Int) -> Void,
    activationGradient: @escaping @Sendable (ActivationFunction, Target, Source, Source, Int) -> Void,
    decibels: @escaping @Sendable (Target, Source, Float, Int) -> Void,
    decibelGradient: @escaping @Sendable (Target, Source, Source, Float, Int) -> Void,
    combine: @escaping @Sendable (CombineRun, Int, Int) -> Void,
    addProducts: @escaping @Sendable (ProductRow) -> Void,
    softmax: @escaping @Sendable (SoftmaxRun, Int, Int) -> Void
  ) {
    self.activate = activate
    self.activationGradient = activationGradient
    self.decibels = decibels
    self.decibelGradient = decibelGradient
    self.combine = combine
    self.addProducts = addProducts
    self.softmax = softmax
  }
}

/// An operand of `PointwiseKernels.combine`: steps are zero along the axes on which it is repeated.
public struct BroadcastOperand {
  /// Its first value.
  public let values: UnsafePointer<Float>
  /// Floats from one clip to the next.
  public let imageStep: Int
  /// Floats from one band to the next.
  public let bandStep: Int
  /// Floats from one frame to the next.
  public let frameStep: Int
  /// Whether a pixel's first value stands for all channels.
  public let isScalar: Bool

  /// Collects the numbers.
  public init(values: UnsafePointer<Float>, imageStep: Int, bandStep: Int, frameStep: Int, isScalar: Bool) {
    self.values = values
    self.imageStep = imageStep
    self.bandStep = bandStep
    self.frameStep = frameStep
    self.isScalar = isScalar
  }
}

/// Arguments of `PointwiseKernels.combine`.
public struct CombineRun {
  /// Whether operands are multiplied; else they are added.
  public let multiplies: Bool
  /// The first operand; it may be the target.
  public let a: BroadcastOperand
  /// The second operand.
  public let b: BroadcastOperand
  /// `[batch, bands, frames, stride]`
  public let target: UnsafeMutablePointer<Float>
  /// Bands of the target.
  public let bands: Int
  /// Frames of the target.
  public let frames: Int
  /// Channels that count; those up to the stride become zero.
  public let channels: Int
  /// Floats of a target pixel, a multiple of 16.
  public let stride: Int
  /// What is applied to the result; nil for nothing.
  public let activation: ActivationFunction?

  /// Collects the arguments.
  public init(
    multiplies: Bool, a: BroadcastOperand, b: BroadcastOperand, target: UnsafeMutablePointer<Float>,
    bands: Int, frames: Int, channels: Int, stride: Int, activation: ActivationFunction? = nil
  ) {
    self.multiplies = multiplies
    self.a = a
    self.b = b
    self.target = target
    self.bands = bands
    self.frames = frames
    self.channels = channels
    self.stride = stride
    self.activation = activation
  }
}

/// Arguments of `PointwiseKernels.addProducts`: a row of gradients, perhaps times the other operand of a product, written to the
/// operand that was repeated along the row or along its channels.
public struct ProductRow {
  /// `[frames, stride]`, or one pixel of it if frames are summed; with summed channels the first value of a pixel holds the sum
  /// and the rest of `targetStride` floats become zero.
  public let target: UnsafeMutablePointer<Float>
  /// Floats of a pixel of the target.
  public let targetStride: Int
  /// `[frames, stride]`
  public let gradient: UnsafePointer<Float>
  /// The other operand at this row; nil for a factor of one.
  public let factor: BroadcastOperand?
  /// Pixels of the row.
  public let frames: Int
  /// Channels that count.
  public let channels: Int
  /// Floats of a pixel of the gradient.
  public let stride: Int
  /// Whether the frames are summed.
  public let sumsFrames: Bool
  /// Whether the channels are summed.
  public let sumsChannels: Bool
  /// Whether the row is added to what stands in the target.
  public let accumulates: Bool

  /// Collects the arguments.
  public init(
    target: UnsafeMutablePointer<Float>, targetStride: Int, gradient: UnsafePointer<Float>,
    factor: BroadcastOperand?, frames: Int, channels: Int, stride: Int, sumsFrames: Bool, sumsChannels: Bool,
    accumulates: Bool
  ) {
    self.target = target
    self.targetStride = targetStride
    self.gradient = gradient
    self.factor = factor
    self.frames = frames
    self.channels = channels
    self.stride = stride
    self.sumsFrames = sumsFrames
    self.sumsChannels = sumsChannels
    self.accumulates = accumulates
  }
}

/// Arguments of `PointwiseKernels.softmax`: y = eˣ / Σ eˣ along one axis, or with a gradient dx = y (dy − Σ y dy).
///
/// Column c of a run r is element i at `r * runStep + i * step + c`. With `step` 1 a run's axis stands side by side, and there is
/// one column; else a run has `width` columns, and `first ..< first + count` counts blocks of 16 columns through all runs.
public struct SoftmaxRun {
  /// Elements of the axis.
  public let length: Int
  /// Floats from one element to the next.
  public let step: Int
  /// Columns of a run, a multiple of 16; with `step` 1 the floats of a run, of which those past `length` become zero.
  public let width: Int
  /// Floats from one run to the next.
  public let runStep: Int
  /// Of the columns, channels come round every `stride`, and those past `channels` become zero. Not for `step` 1.
  public let channels: Int
  /// See `channels`.
  public let stride: Int
  /// x
  public let source: UnsafePointer<Float>
  /// dy, or nil to compute y.
  public let gradient: UnsafePointer<Float>?
  /// y, or dx.
  public let target: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    length: Int, step: Int, width: Int, runStep: Int, channels: Int, stride: Int,
    source: UnsafePointer<Float>, gradient: UnsafePointer<Float>?, target: UnsafeMutablePointer<Float>
  ) {
    self.length = length
    self.step = step
    self.width = width
    self.runStep = runStep
    self.channels = channels
    self.stride = stride
    self.source = source
    self.gradient = gradient
    self.target = target
  }
}
