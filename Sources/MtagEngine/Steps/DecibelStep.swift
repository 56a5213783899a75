import MtagGraph
import MtagKernelTypes

/// y = 10 log10(max(x, floor)); the gradient below the floor is zero.
final class DecibelStep: Step {
  let tensors: StepTensors
  private let floor: Float

  init(_ tensors: StepTensors, floor: Float) {
    self.tensors = tensors
    // Smaller numbers have no exponent of their own, from which the logarithm is taken.
    self.floor = max(floor, .leastNormalMagnitude)
  }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    context.forPixels(of: output) { pixels in
      let first = pixels.lowerBound * stride
      context.kernels.pointwise.decibels(
        output.pointer + first, input.pointer + first, floor, pixels.count * stride)
      output.clearPadding(of: pixels)
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    let stride = output.channelStride
    context.forPixels(of: output) { pixels in
      let first = pixels.lowerBound * stride
      context.kernels.pointwise.decibelGradient(
        inputGradient.pointer + first, input.pointer + first, outputGradient.pointer + first, floor,
        pixels.count * stride)
    }
  }
}
