/// Convolutions of any kernel, stride, padding, dilation and groups, as matrix products over patches.
public struct ConvolutionKernels: Sendable {
  /// Target pixels multiplied together.
  public let blockPixels: Int
  /// Packs the filters of panels `first ..< first + count`; a group has `panels(shape)` of them.
  public let packFilters: @Sendable (FilterPacking, _ first: Int, _ count: Int) -> Void
  /// target = patches · filters + bias, for target pixels `first ..< first + count`.
  public let forward: @Sendable (PatchProduct, _ first: Int, _ count: Int) -> Void
  /// The filters' gradient of target pixels `first ..< first + count`, written to `sum` in the layout of packed filters.
  public let filterGradient: @Sendable (PatchGradient, _ first: Int, _ count: Int) -> Void
  /// Adds the gradients of `pieces` pieces in order, and unpacks panels `first ..< first + count` into the weights' gradient.
  public let unpackGradient: @Sendable (FilterPacking, _ pieces: Int, _ first: Int, _ count: Int) -> Void
  /// Outputs of a packed panel.
  public let panelWidth: Int
  /// Values of a patch that are multiplied together.
  public let blockDepth: Int
  /// Outputs that are multiplied together.
  public let blockOutputs: Int
  /// Floats of the strips that a source row is taken apart into.
  public let stripCount: Int

  /// Collects the loops of one level.
  public init(
    blockPixels: Int, blockDepth: Int, blockOutputs: Int, stripCount: Int, panelWidth: Int,
    packFilters: @escaping @Sendable (FilterPacking, Int, Int) -> Void,
    forward: @escaping @Sendable (PatchProduct, Int, Int) -> Void,
    filterGradient: @escaping @Sendable (PatchGradient, Int, Int) -> Void,
    unpackGradient: @escaping @Sendable (FilterPacking, Int, Int, Int) -> Void
  ) {
    self.blockPixels = blockPixels
    self.blockDepth = blockDepth
    self.blockOutputs = blockOutputs
    self.stripCount = stripCount
    self.panelWidth = panelWidth
    self.packFilters = packFilters
    self.forward = forward
    self.filterGradient = filterGradient
    self.unpackGradient = unpackGradient
  }

  /// Panels of all groups.
  public func panels(_ shape: PatchShape) -> Int {
    shape.groups * ((shape.paddedOutputs + panelWidth - 1) / panelWidth)
  }

  /// Floats of scratch memory that `forward` needs for one worker.
  public func forwardScratchCount(_ shape: PatchShape) -> Int {
    blockPixels * min(shape.paddedOutputs, blockOutputs) + patchCount(shape)
  }

  /// Floats of scratch memory that `filterGradient` needs for one worker.
  public func gradientScratchCount(_ shape: PatchShape) -> Int {
    blockPixels * shape.paddedOutputs + patchCount(shape)
  }

  /// Patches of a block, and before them strips of a source row.
  private func patchCount(_ shape: PatchShape) -> Int {
    stripCount + (blockPixels + 4) * (min(shape.paddedDepth, blockDepth + 4) + 16)
  }

  /// What pieces of target pixels are multiples of.
  public func grain(_ shape: PatchShape) -> Int {
    let row = shape.frames.targetCount
    return shape.isRowByRow && row <= 8 * blockPixels ? row : blockPixels
  }
}

/// Arguments of `ConvolutionKernels.forward`.
public struct PatchProduct {
  /// Sizes.
  public let shape: PatchShape
  /// `[batch, bands.sourceSize, frames.sourceSize, sourceStride]`
  public let source: UnsafePointer<Float>
  /// Packed filters.
  public let filters: UnsafePointer<Float>
  /// `[groups · outputs]`, or nil.
  public let bias: UnsafePointer<Float>?
  /// What is applied to the sums; nil for nothing. With anything but ReLU and ReLU6 the target's pixels must stand side by side.
  public let activation: ActivationFunction?
  /// The outputs of a group that are computed, multiples of 64 but for the end; the rest is left alone.
  public let outputs: Range<Int>
  /// `[batch, bands.targetSize, frames.targetSize, targetStride]`; channels past the last output become zero.
  public let target: UnsafeMutablePointer<Float>
  /// `forwardScratchCount` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    shape: PatchShape, source: UnsafePointer<Float>, filters: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, activation: ActivationFunction? = nil, outputs: Range<Int>? = nil,
    target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.shape = shape
    self.source = source
    self.filters = filters
    self.bias = bias
    self.activation = activation
    self.outputs = outputs ?? 0..<shape.paddedOutputs
    self.target = target
    self.scratch = scratch
  }
}

/// Arguments of `ConvolutionKernels.filterGradient`.
public struct PatchGradient {
  /// Sizes of the convolution.
  public let shape: PatchShape
  /// The convolution's source.
  public let source: UnsafePointer<Float>
  /// The gradient of its target.
  public let targetGradient: UnsafePointer<Float>
  /// `filterCount` floats, overwritten.
  public let sum: UnsafeMutablePointer<Float>
  /// `gradientScratchCount` floats of this worker.
  public let scratch: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    shape: PatchShape, source: UnsafePointer<Float>, targetGradient: UnsafePointer<Float>,
    sum: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    self.shape = shape
    self.source = source
    self.targetGradient = targetGradient
    self.sum = sum
    self.scratch = scratch
  }
}

/// Filters between PyTorch's layout `[out, in / groups, bands, frames]` and packed panels.
public struct FilterPacking {
  /// The product that the filters are packed for.
  public let shape: PatchShape
  /// Weights, or their gradient.
  public let weights: UnsafeMutablePointer<Float>
  /// Packed filters, or the gradients of several pieces one after the other.
  public let packed: UnsafeMutablePointer<Float>
  /// Input channels of a group of the graph.
  public let groupInputs: Int
  /// Output channels of a group of the graph.
  public let groupOutputs: Int
  /// Groups of the graph.
  public let groups: Int
  /// Frames of the kernel.
  public let kernelFrames: Int
  /// Taps of the kernel.
  public let kernelTaps: Int
  /// Whether the product reads output channels and gives input channels: for the gradient of the input.
  public let isTransposed: Bool

  /// Collects the arguments.
  public init(
    shape: PatchShape, weights: UnsafeMutablePointer<Float>, packed: UnsafeMutablePointer<Float>,
    groupInputs: Int, groupOutputs: Int, groups: Int, kernelFrames: Int, kernelTaps: Int, isTransposed: Bool
  ) {
    self.shape = shape
    self.weights = weights
    self.packed = packed
    self.groupInputs = groupInputs
    self.groupOutputs = groupOutputs
    self.groups = groups
    self.kernelFrames = kernelFrames
    self.kernelTaps = kernelTaps
    self.isTransposed = isTransposed
  }
}
