import MtagCore
import MtagGraph
import MtagKernelTypes

/// (x − mean) / √(variance + ε) · weight + bias over the channels of each pixel, with the variance of all of them (PyTorch's
/// `nn.LayerNorm` of one axis): `[batch, bands, frames, channels]` → the same.
final class LayerNormStep: Step {
  let tensors: StepTensors
  private let epsilon: Float
  private let weight: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot
  /// Weight, bias and mask, each padded to whole registers.
  private let padded: AlignedBuffer
  /// Mean and 1 / deviation of each pixel.
  private let statistics: AlignedBuffer
  private let sums: ChannelSums?
  var scratchCount: Int { 2 * input.channelStride }

  private static let pieceLimit = 16
  private static let grain = 16
  /// Rows that are summed in single precision.
  private static let shortRun = 128

  init(
    _ tensors: StepTensors, epsilon: Float, weight: ParameterMemory.Slot, bias: ParameterMemory.Slot,
    isTrained: Bool
  ) {
    self.tensors = tensors
    self.epsilon = epsilon
    self.weight = weight
    self.bias = bias
    let (rows, stride) = (tensors.input.rows, tensors.input.channelStride)
    padded = AlignedBuffer(count: 3 * stride)
    (padded.pointer + 2 * stride).update(repeating: 1, count: tensors.input.shape.channels)
    statistics = AlignedBuffer(count: 2 * rows)
    let size = StepContext.pieceSize(rows, limit: Self.pieceLimit, grain: Self.grain)
    sums = isTrained ? ChannelSums(width: 2 * stride, pieces: max(1, (rows + size - 1) / size)) : nil
  }

  func forward(_ context: StepContext) {
    padded.pointer.update(from: weight.values, count: weight.count)
    (padded.pointer + input.channelStride).update(from: bias.values, count: bias.count)
    let run = run(sums: statistics.pointer)
    context.forPieces(input.rows, limit: 64, grain: Self.grain) { _, range, _ in
      context.kernels.sequences.layerNorm(run, range.lowerBound, range.count)
    }
  }

  func backward(_ context: StepContext) {
    guard outputGradient != nil, let sums else { return }
    let stride = input.channelStride
    sums.reset()
    context.forPieces(input.rows, limit: Self.pieceLimit, grain: Self.grain) { piece, range, worker in
      let (short, total) = (context.scratch(of: worker), sums.piece(piece))
      let run = run(sums: short)
      var first = range.lowerBound
      while first < range.upperBound {
        let count = min(Self.shortRun, range.upperBound - first)
        short.update(repeating: 0, count: 2 * stride)
        context.kernels.sequences.layerNormBackward(run, first, count)
        for i in 0..<(2 * stride) { total[i] += Double(short[i]) }
        first += count
      }
    }
    let total = sums.total()
    for channel in 0..<input.shape.channels {
      bias.gradients[channel] = Float(total[channel])
      weight.gradients[channel] = Float(total[stride + channel])
    }
  }

  private func run(sums: UnsafeMutablePointer<Float>) -> LayerNormRun {
    let stride = input.channelStride
    return LayerNormRun(
      stride: stride, channels: input.shape.channels, epsilon: epsilon, x: input.pointer, y: output.pointer,
      weight: padded.pointer, bias: padded.pointer + stride, mask: padded.pointer + 2 * stride,
      statistics: statistics.pointer, outputGradient: (outputGradient ?? output).pointer,
      inputGradient: inputGradient?.pointer, sums: sums)
  }
}
