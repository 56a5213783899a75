import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 convolution with stride 1 and padding 1 that no batch norm follows.
final class WinogradStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { convolution.scratchCount }
  private let convolution: WinogradConvolution

  init(_ tensors: StepTensors, convolution: WinogradConvolution) {
    self.tensors = tensors
    self.convolution = convolution
  }

  func forward(_ context: StepContext) { convolution.forward(input, into: output, context) }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    convolution.backward(input, gradient: inputGradient, context) { _, _ in
      UnsafePointer(outputGradient.pointer)
    }
  }
}
