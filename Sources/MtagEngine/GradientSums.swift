import MtagGraph
import MtagKernelTypes

/// sum = parts[0] + parts[1] + …, each `count` floats, in order.
func addParts(
  _ parts: UnsafePointer<Float>, parts pieces: Int, into sum: UnsafeMutablePointer<Float>, count: Int
) {
  sum.update(from: parts, count: count)
  for piece in 1..<max(pieces, 1) {
    let part = parts + piece * count
    for i in 0..<count { sum[i] += part[i] }
  }
}

/// Where `biasGradient` collects its sums.
func biasGradientSums(of output: Tensor) -> ChannelSums {
  ChannelSums(width: 2 * output.channelStride, pieces: 16)
}

/// A bias's gradient: the sum of the output's gradient over all pixels, for each channel.
func biasGradient(
  _ bias: ParameterMemory.Slot, _ outputGradient: Tensor, _ sums: ChannelSums, _ context: StepContext
) {
  let pixels = outputGradient.shape.batch * outputGradient.pixels
  let stride = outputGradient.channelStride
  sums.reset()
  context.forPieces(pixels, limit: sums.pieces) { piece, range, _ in
    context.kernels.norm.statistics(
      outputGradient.pointer, stride, sums.piece(piece), range.lowerBound, range.count)
  }
  let total = sums.total()
  for channel in 0..<bias.count { bias.gradients[channel] = Float(total[channel]) }
}
