import MtagCore
import MtagGraph
import MtagKernelTypes

/// What a convolution adds to its output channels: its own bias, or in inference the shift of the batch norm that is folded into
/// it; and the gradient of that bias.
final class ConvolutionBias {
  private let bias: ParameterMemory.Slot?
  private let folded: FoldedNorm?
  private let padded: AlignedBuffer
  private let sums: ChannelSums

  private static let pieces = 16

  init(_ bias: ParameterMemory.Slot?, folded: FoldedNorm?, _ tensors: StepTensors) {
    self.bias = bias
    self.folded = folded
    let stride = tensors.output.channelStride
    // Groups need not start at whole registers, so the last one reads up to a register beyond the padding.
    padded = AlignedBuffer(count: bias == nil && folded == nil ? 0 : stride + 16)
    sums = ChannelSums(
      width: bias == nil || tensors.outputGradient == nil ? 0 : 2 * stride, pieces: Self.pieces)
  }

  /// The values, zeros past the last channel; or nil for none.
  var values: UnsafePointer<Float>? { padded.count == 0 ? nil : UnsafePointer(padded.pointer) }

  /// Takes over parameters that changed.
  func prepare() {
    if let folded {
      folded.writeShift(bias: bias, to: padded.pointer)
    } else if let bias {
      padded.pointer.update(from: bias.values, count: bias.count)
    }
  }

  /// The sum of the output's gradient over all pixels, for each channel.
  func gradient(_ outputGradient: Tensor, _ context: StepContext) {
    guard let bias else { return }
    sums.reset()
    let stride = outputGradient.channelStride
    context.forPieces(outputGradient.shape.batch * outputGradient.pixels, limit: Self.pieces) {
      piece, range, _ in
      context.kernels.norm.statistics(
        outputGradient.pointer, stride, sums.piece(piece), range.lowerBound, range.count)
    }
    let total = sums.total()
    for channel in 0..<bias.count { bias.gradients[channel] = Float(total[channel]) }
  }
}
