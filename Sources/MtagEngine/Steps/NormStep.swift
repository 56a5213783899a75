import MtagCore
import MtagGraph
import MtagKernelTypes

/// Batch norm, then ReLU and 2×2 max pool where they follow, after anything but a Winograd convolution.
///
/// In backward the input is overwritten with its own gradient: nobody needs it any more.
final class NormStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { norm.scratchCount }

  private let norm: NormLayer
  private let inputSums: ChannelSums

  private static let pieces = 64

  init(_ tensors: StepTensors, norm: NormLayer) {
    self.tensors = tensors
    self.norm = norm
    inputSums = ChannelSums(width: 2 * norm.shape.channels, pieces: Self.pieces)
  }

  func forward(_ context: StepContext) {
    if context.isTraining { collectStatistics(context) }
    norm.forward(input, sums: context.isTraining ? inputSums : nil, into: output, context)
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    norm.backwardSums(input, outputGradient, context)
    norm.backwardApply(input, outputGradient, context)
  }

  private func collectStatistics(_ context: StepContext) {
    inputSums.reset()
    context.forPieces(input.shape.batch * input.pixels, limit: Self.pieces) { piece, range, _ in
      context.kernels.norm.statistics(
        input.pointer, input.channelStride, inputSums.piece(piece), range.lowerBound, range.count)
    }
  }
}
