import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 convolution with the batch norm, ReLU and 2×2 max pool that follow it, for training.
///
/// These networks wait for memory more than they compute, so backward never stores the gradient of the convolution's output: it
/// is made strip by strip, and used for both gradients of the convolution while it is in the caches.
final class WinogradBlockStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { stripOffset + norm.stripRows(convolution.unitRowLimit) * rowCount }

  var innerValues: [Tensor] { [convolved] }

  private let convolution: WinogradConvolution
  private let norm: NormLayer
  /// The convolution's output, kept for backward.
  private let convolved: Tensor

  init(_ tensors: StepTensors, convolved: Tensor, convolution: WinogradConvolution, norm: NormLayer) {
    self.tensors = tensors
    self.convolved = convolved
    self.convolution = convolution
    self.norm = norm
  }

  func forward(_ context: StepContext) {
    convolution.forward(input, into: convolved, context)
    norm.forward(convolved, sums: convolution.outputSums, into: output, context)
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    norm.backwardSums(convolved, outputGradient, context)
    convolution.backward(input, gradient: inputGradient, context) { unit, worker in
      norm.backwardApply(
        convolved, outputGradient, rows: unit.rowsAround, strip: context.scratch(of: worker) + stripOffset,
        context, worker)
    }
  }

  /// The strip stands behind the scratch memory of convolution and norm.
  private var stripOffset: Int { Tensor.padded(max(convolution.scratchCount, norm.scratchCount)) }
  private var rowCount: Int { convolved.shape.frames * convolved.channelStride }
}
