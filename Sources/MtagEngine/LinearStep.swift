import MtagCore
import MtagGraph

/// y = x Wᵀ + bias over vectors: x `[batch, 1, 1, in]`, W `[out, in]`, y `[batch, 1, 1, out]`.
final class LinearStep: Step {
  let tensors: StepTensors
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot

  init(
    _ tensors: StepTensors,
    weights: ParameterMemory.Slot, bias: ParameterMemory.Slot
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = bias
  }

  private var batch: Int { input.shape.batch }
  private var inputs: Int { input.shape.channels }
  private var outputs: Int { output.shape.channels }

  func forward(_ context: StepContext) {
    for item in 0..<batch {
      let y = output.pointer + item * output.channelStride
      y.update(repeating: 0, count: output.channelStride)
      y.update(from: bias.values, count: outputs)
    }
    BLAS.product(
      rows: batch, columns: outputs, depth: inputs, a: input.pointer, aStride: input.channelStride,
      b: weights.values, bStride: inputs, bIsTransposed: true, c: output.pointer,
      cStride: output.channelStride,
      accumulates: true)
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let stride = outputGradient.channelStride
    BLAS.product(
      rows: outputs, columns: inputs, depth: batch, a: outputGradient.pointer, aStride: stride,
      aIsTransposed: true,
      b: input.pointer, bStride: input.channelStride, c: weights.gradients, cStride: inputs)
    for out in 0..<outputs {
      bias.gradients[out] = (0..<batch).reduce(0) { $0 + outputGradient.pointer[$1 * stride + out] }
    }
    guard let inputGradient else { return }
    inputGradient.pointer.update(repeating: 0, count: inputGradient.count)
    BLAS.product(
      rows: batch, columns: inputs, depth: outputs, a: outputGradient.pointer, aStride: stride,
      b: weights.values,
      bStride: inputs, c: inputGradient.pointer, cStride: inputGradient.channelStride)
  }
}
