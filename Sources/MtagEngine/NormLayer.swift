import MtagCore
import MtagGraph
import MtagKernelTypes

/// Batch norm with an activation and 2×2 max pool where they follow, in one pass over memory; see `NormKernels`. Steps put it together
/// with what comes before.
final class NormLayer {
  let shape: NormShape
  /// Floats of scratch memory for each worker.
  var scratchCount: Int { 2 * shape.channels }

  private let state: NormState
  private let batch: Int
  /// What follows the norm, if it is not ReLU; only in inference.
  private let activation: ActivationFunction?
  private let gradientSums: ChannelSums

  private static let pieces = 64

  /// - Parameter input: what is normalised.
  init(
    _ input: Tensor, state: NormState, activation: ActivationFunction?, hasPool: Bool, isTrained: Bool
  ) {
    let hasReLU = activation == .relu
    precondition(hasReLU || activation == nil || !hasPool && !isTrained)
    self.activation = hasReLU ? nil : activation
    self.state = state
    batch = input.shape.batch
    shape = NormShape(
      bands: input.shape.bands, frames: input.shape.frames, channels: input.channelStride, hasReLU: hasReLU,
      hasPool: hasPool)
    gradientSums = ChannelSums(width: 2 * shape.channels, pieces: isTrained ? Self.pieces : 0)
  }

  /// z = pool(relu(norm(y))), with the batch's statistics from the sums of y, or with the running ones.
  func forward(_ y: Tensor, sums: ChannelSums?, into z: Tensor, _ context: StepContext) {
    if let sums {
      state.useBatch(sums: sums.total(), stride: shape.channels, pixels: pixels)
    } else if context.parametersChanged {
      state.useRunningStatistics()
    }
    context.forPieces(rows, limit: Self.pieces) { _, range, worker in
      context.kernels.norm.forward(
        run(y, z, yGradient: y.pointer, piece: 0, context, worker), range.lowerBound, range.count)
      if let activation { activate(activation, z, rows: range, context) }
    }
  }

  private func activate(
    _ function: ActivationFunction, _ z: Tensor, rows: Range<Int>, _ context: StepContext
  ) {
    let pixels = rows.lowerBound * shape.outputFrames..<rows.upperBound * shape.outputFrames
    let first = z.pointer + pixels.lowerBound * shape.channels
    context.kernels.pointwise.activate(function, first, first, pixels.count * shape.channels)
    if !function.keepsZero { z.clearPadding(of: pixels) }
  }

  /// The gradients of weight and bias, from y and the gradient of z, and what `backwardApply` needs.
  func backwardSums(_ y: Tensor, _ zGradient: Tensor, _ context: StepContext) {
    gradientSums.reset()
    context.forPieces(rows, limit: Self.pieces) { piece, range, worker in
      context.kernels.norm.backwardSums(
        run(y, zGradient, yGradient: y.pointer, piece: piece, context, worker), range.lowerBound, range.count)
    }
    state.finishGradient(sums: gradientSums.total(), stride: shape.channels, pixels: pixels)
  }

  /// The gradient of y for all rows, in place of y.
  func backwardApply(_ y: Tensor, _ zGradient: Tensor, _ context: StepContext) {
    context.forPieces(rows, limit: Self.pieces) { _, range, worker in
      context.kernels.norm.backwardApply(
        run(y, zGradient, yGradient: y.pointer, piece: 0, context, worker), range.lowerBound, range.count)
    }
  }

  // MARK: - Some rows at a time

  /// How many rows of y `backwardApply` of `rows` rows may write, at most.
  func stripRows(_ rows: Int) -> Int { rows + 3 }

  /// The gradient of y for some rows, and with them the rows of the same pooling windows, into a strip of memory.
  /// - Parameter wanted: rows of y counted through the whole batch: of one image, or whole images.
  /// - Returns: the address where y's gradient would begin if the strip were a part of it.
  func backwardApply(
    _ y: Tensor, _ zGradient: Tensor, rows wanted: Range<Int>, strip: UnsafeMutablePointer<Float>,
    _ context: StepContext, _ worker: Int
  ) -> UnsafePointer<Float> {
    let first = outputRow(of: wanted.lowerBound)
    let end = outputRow(of: wanted.upperBound - 1) + 1
    let firstRow =
      first / shape.outputBands * shape.bands + first % shape.outputBands * (shape.hasPool ? 2 : 1)
    let base = strip - firstRow * shape.frames * shape.channels
    context.kernels.norm.backwardApply(
      run(y, zGradient, yGradient: base, piece: 0, context, worker), first, end - first)
    return UnsafePointer(base)
  }

  /// The output row that a row of y belongs to. A last odd row has no window of its own; it comes with the window above.
  private func outputRow(of row: Int) -> Int {
    let band = row % shape.bands / (shape.hasPool ? 2 : 1)
    return row / shape.bands * shape.outputBands + min(band, shape.outputBands - 1)
  }

  // MARK: - Helpers

  private var rows: Int { batch * shape.outputBands }
  private var pixels: Int { batch * shape.bands * shape.frames }

  private func run(
    _ y: Tensor, _ z: Tensor, yGradient: UnsafeMutablePointer<Float>, piece: Int, _ context: StepContext,
    _ worker: Int
  ) -> NormRun {
    NormRun(
      shape: shape, y: y.pointer, yGradient: yGradient, z: z.pointer, scale: state.scale.pointer,
      shift: state.shift.pointer, inverseDeviation: state.inverseDeviation.pointer,
      meanOverDeviation: state.meanOverDeviation.pointer, meanGradient: state.meanGradient.pointer,
      meanProduct: state.meanProduct.pointer, sums: gradientSums.piece(piece),
      scratch: context.scratch(of: worker), streams: z.isLargerThanCaches)
  }
}
