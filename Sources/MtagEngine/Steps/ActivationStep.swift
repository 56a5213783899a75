import MtagGraph
import MtagKernelTypes

/// y = f(x), value by value, where it is not part of what comes before.
final class ActivationStep: Step {
  let tensors: StepTensors
  private let function: ActivationFunction

  init(_ tensors: StepTensors, function: ActivationFunction) {
    self.tensors = tensors
    self.function = function
  }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    context.forPixels(of: output) { pixels in
      let first = pixels.lowerBound * stride
      context.kernels.pointwise.activate(
        function, output.pointer + first, input.pointer + first, pixels.count * stride)
      if !function.keepsZero { output.clearPadding(of: pixels) }
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    let stride = output.channelStride
    // The gradient's padding is zero, so that of the input's gradient becomes zero by itself.
    context.forPixels(of: output) { pixels in
      let first = pixels.lowerBound * stride
      context.kernels.pointwise.activationGradient(
        function, inputGradient.pointer + first, input.pointer + first, outputGradient.pointer + first,
        pixels.count * stride)
    }
  }
}

extension ActivationFunction {
  /// The loop of a graph's function.
  init(_ function: Operation.Activation) {
    self =
      switch function {
      case .relu: .relu
      case .relu6: .relu6
      case .elu: .elu
      case .gelu: .gelu
      case .silu: .silu
      case .hardSwish: .hardSwish
      case .hardSigmoid: .hardSigmoid
      case .sigmoid: .sigmoid
      case .tanh: .tanh
      }
  }
}

extension StepContext {
  /// Runs over the pixels of a whole batch in pieces that are cut by the tensor's size alone, none so small that it is not worth
  /// a thread's while.
  func forPixels(of tensor: Tensor, _ body: (_ pixels: Range<Int>) -> Void) {
    let grain = max(1, 4096 / tensor.channelStride)
    forPieces(tensor.shape.batch * tensor.pixels, limit: 64, grain: grain) { _, pixels, _ in body(pixels) }
  }
}

extension Tensor {
  /// Zeros past the last channel of some pixels, counted through the batch.
  func clearPadding(of pixels: Range<Int>) {
    let padding = channelStride - shape.channels
    guard padding > 0 else { return }
    for pixel in pixels {
      (pointer + pixel * channelStride + shape.channels).update(repeating: 0, count: padding)
    }
  }
}
