import MtagCore
import MtagGraph

/// y = x Wᵀ + bias at every pixel: x `[batch, bands, frames, in]`, W `[out, in]`, y `[batch, bands, frames, out]`.
final class LinearStep: Step {
  let tensors: StepTensors
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot?
  private let biasSums: ColumnSums?
  private let blas: BLAS

  init(
    _ tensors: StepTensors, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?, isTrained: Bool,
    blas: BLAS
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = bias
    self.blas = blas
    biasSums =
      bias == nil || !isTrained
      ? nil : ColumnSums(columns: tensors.output.channelStride, rows: tensors.output.rows)
  }

  private var inputs: Int { input.shape.channels }
  private var outputs: Int { output.shape.channels }

  func forward(_ context: StepContext) {
    if let bias {
      let stride = output.channelStride
      context.forPieces(output.rows, limit: 64, grain: 16) { _, range, _ in
        for row in range {
          let y = output.pointer + row * stride
          y.update(from: bias.values, count: outputs)
          (y + outputs).update(repeating: 0, count: stride - outputs)
        }
      }
    } else {
      output.clearPadding(context)
    }
    blas.run(
      MatrixProduct(
        rows: output.rows, columns: outputs, depth: inputs,
        a: .init(input.pointer, stride: input.channelStride),
        b: .init(weights.values, stride: inputs, isTransposed: true), c: output.pointer,
        cStride: output.channelStride, accumulates: bias != nil),
      on: context.executor)
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let stride = outputGradient.channelStride
    blas.run(
      MatrixProduct(
        rows: outputs, columns: inputs, depth: output.rows,
        a: .init(outputGradient.pointer, stride: stride, isTransposed: true),
        b: .init(input.pointer, stride: input.channelStride), c: weights.gradients, cStride: inputs),
      on: context.executor)
    if let bias, let biasSums {
      let sums = biasSums.sums(of: outputGradient.pointer, stride: stride, context)
      for out in 0..<outputs { bias.gradients[out] = Float(sums[out]) }
    }
    guard let inputGradient else { return }
    inputGradient.clearPadding(context)
    blas.run(
      MatrixProduct(
        rows: output.rows, columns: inputs, depth: outputs,
        a: .init(outputGradient.pointer, stride: stride),
        b: .init(weights.values, stride: inputs), c: inputGradient.pointer,
        cStride: inputGradient.channelStride),
      on: context.executor)
  }
}
