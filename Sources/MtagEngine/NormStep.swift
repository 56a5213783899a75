import MtagCore
import MtagGraph
import MtagKernelTypes

/// Batch norm, then ReLU and 2×2 max pool where they follow, in one pass; see `NormKernels`.
///
/// In backward the input is overwritten with its own gradient: nobody needs it any more.
final class NormStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { 2 * shape.channels }

  private let shape: NormShape
  private let state: NormState
  /// Sums that the convolution before already made, or nil.
  private let inputSums: ChannelSums?
  private let ownSums: ChannelSums
  private let gradientSums: ChannelSums

  private static let pieces = 64

  init(
    _ tensors: StepTensors, state: NormState,
    inputSums: ChannelSums?,
    hasReLU: Bool, hasPool: Bool
  ) {
    self.tensors = tensors
    self.state = state
    self.inputSums = inputSums
    shape = NormShape(
      bands: tensors.input.shape.bands, frames: tensors.input.shape.frames,
      channels: tensors.input.channelStride, hasReLU: hasReLU,
      hasPool: hasPool)
    ownSums = ChannelSums(width: 2 * shape.channels, pieces: inputSums == nil ? Self.pieces : 0)
    gradientSums = ChannelSums(
      width: 2 * shape.channels, pieces: tensors.outputGradient == nil ? 0 : Self.pieces)
  }

  func forward(_ context: StepContext) {
    if context.isTraining {
      let sums = inputSums ?? collectStatistics(context)
      state.useBatch(sums: sums.total(), stride: shape.channels, pixels: pixels)
    } else if context.parametersChanged {
      state.useRunningStatistics()
    }
    context.forPieces(rows, limit: Self.pieces) { _, range, worker in
      context.kernels.norm.forward(
        run(output, sums: ownSums, 0, context, worker), range.lowerBound, range.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    gradientSums.reset()
    context.forPieces(rows, limit: Self.pieces) { piece, range, worker in
      context.kernels.norm.backwardSums(
        run(outputGradient, sums: gradientSums, piece, context, worker), range.lowerBound, range.count)
    }
    state.finishGradient(sums: gradientSums.total(), stride: shape.channels, pixels: pixels)
    context.forPieces(rows, limit: Self.pieces) { piece, range, worker in
      context.kernels.norm.backwardApply(
        run(outputGradient, sums: gradientSums, piece, context, worker), range.lowerBound, range.count)
    }
  }

  private var rows: Int { input.shape.batch * shape.outputBands }
  private var pixels: Int { input.shape.batch * input.pixels }

  private func collectStatistics(_ context: StepContext) -> ChannelSums {
    ownSums.reset()
    context.forPieces(pixels, limit: Self.pieces) { piece, range, _ in
      context.kernels.norm.statistics(
        input.pointer, shape.channels, ownSums.piece(piece), range.lowerBound, range.count)
    }
    return ownSums
  }

  private func run(
    _ z: Tensor, sums: ChannelSums, _ piece: Int, _ context: StepContext, _ worker: Int
  ) -> NormRun {
    NormRun(
      shape: shape, y: input.pointer, z: z.pointer, scale: state.scale.pointer, shift: state.shift.pointer,
      inverseDeviation: state.inverseDeviation.pointer, meanOverDeviation: state.meanOverDeviation.pointer,
      meanGradient: state.meanGradient.pointer, meanProduct: state.meanProduct.pointer,
      sums: sums.piece(piece),
      scratch: context.scratch(of: worker))
  }
}
