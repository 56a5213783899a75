import MtagCore
import MtagGraph

/// y = x Wᵀ + bias over vectors: x `[batch, 1, 1, in]`, W `[out, in]`, y `[batch, 1, 1, out]`.
final class LinearStep: Step {
  let tensors: StepTensors
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot
  private let blas: BLAS

  init(
    _ tensors: StepTensors,
    weights: ParameterMemory.Slot, bias: ParameterMemory.Slot, blas: BLAS
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = bias
    self.blas = blas
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
    blas.run(
      MatrixProduct(
        rows: batch, columns: outputs, depth: inputs, a: .init(input.pointer, stride: input.channelStride),
        b: .init(weights.values, stride: inputs, isTransposed: true), c: output.pointer,
        cStride: output.channelStride, accumulates: true),
      on: context.executor)
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let stride = outputGradient.channelStride
    blas.run(
      MatrixProduct(
        rows: outputs, columns: inputs, depth: batch,
        a: .init(outputGradient.pointer, stride: stride, isTransposed: true),
        b: .init(input.pointer, stride: input.channelStride), c: weights.gradients, cStride: inputs),
      on: context.executor)
    for out in 0..<outputs {
      bias.gradients[out] = (0..<batch).reduce(0) { $0 + outputGradient.pointer[$1 * stride + out] }
    }
    guard let inputGradient else { return }
    inputGradient.pointer.update(repeating: 0, count: inputGradient.count)
    blas.run(
      MatrixProduct(
        rows: batch, columns: inputs, depth: outputs, a: .init(outputGradient.pointer, stride: stride),
        b: .init(weights.values, stride: inputs), c: inputGradient.pointer,
        cStride: inputGradient.channelStride),
      on: context.executor)
  }
}
