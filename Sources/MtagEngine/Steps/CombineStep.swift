import MtagCore
import MtagGraph
import MtagKernelTypes

/// The sum of several values, or the product of two; values of length 1 along an axis are repeated along it.
final class CombineStep: Step {
  let tensors: StepTensors
  private let multiplies: Bool
  /// What follows; only in inference.
  private let activation: ActivationFunction?

  init(_ tensors: StepTensors, multiplies: Bool, activation: ActivationFunction? = nil) {
    self.tensors = tensors
    self.multiplies = multiplies
    self.activation = activation
  }

  func forward(_ context: StepContext) {
    for index in 1..<inputs.count {
      let run = CombineRun(
        multiplies: multiplies, a: operand(index == 1 ? inputs[0] : output), b: operand(inputs[index]),
        target: output.pointer, bands: output.shape.bands, frames: output.shape.frames,
        channels: output.shape.channels, stride: output.channelStride,
        activation: index == inputs.count - 1 ? activation : nil)
      context.forPixels(of: output) { pixels in
        context.kernels.pointwise.combine(run, pixels.lowerBound, pixels.count)
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    for (index, target) in inputGradients.enumerated() {
      guard let target else { continue }
      backward(context, outputGradient, factor: multiplies ? inputs[1 - index] : nil, into: target)
    }
  }

  /// The gradient, perhaps times the other factor, summed along the axes on which the input was repeated.
  private func backward(_ context: StepContext, _ gradient: Tensor, factor: Tensor?, into target: Tensor) {
    let bands = output.shape.bands
    let isRepeated = target.shape.bands < bands
    let factor = factor.map(operand)
    context.executor.forEach(chunks: target.shape.batch * target.shape.bands) { targetRow, _ in
      let rows = isRepeated ? targetRow * bands..<(targetRow + 1) * bands : targetRow..<targetRow + 1
      for row in rows {
        let factorRow = factor.map {
          BroadcastOperand(
            values: $0.values + row / bands * $0.imageStep + row % bands * $0.bandStep, imageStep: 0,
            bandStep: 0, frameStep: $0.frameStep, isScalar: $0.isScalar)
        }
        context.kernels.pointwise.addProducts(
          ProductRow(
            target: target.pointer + targetRow * target.shape.frames * target.channelStride,
            targetStride: target.channelStride,
            gradient: gradient.pointer + row * output.shape.frames * output.channelStride, factor: factorRow,
            frames: output.shape.frames, channels: output.shape.channels, stride: output.channelStride,
            sumsFrames: target.shape.frames < output.shape.frames,
            sumsChannels: target.shape.channels < output.shape.channels, accumulates: row > rows.lowerBound))
      }
    }
  }

  private func operand(_ tensor: Tensor) -> BroadcastOperand {
    let (shape, stride) = (tensor.shape, tensor.channelStride)
    return BroadcastOperand(
      values: tensor.pointer, imageStep: shape.bands * shape.frames * stride,
      bandStep: shape.bands == 1 ? 0 : shape.frames * stride, frameStep: shape.frames == 1 ? 0 : stride,
      isScalar: shape.channels < output.shape.channels)
  }
}
