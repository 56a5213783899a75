import MtagCore
import MtagGraph
import MtagKernelTypes

/// Scaled dot-product attention: softmax(q kᵀ / √d) v for each head, q, k and v behind each other in the channels:
/// `[batch, 1, frames, 3 · channels]` → `[batch, 1, frames, channels]`.
///
/// A few queries at a time, so that their scores stay in the caches and the memory does not grow with the square of the frames;
/// backward computes them again.
final class AttentionStep: Step {
  let tensors: StepTensors
  private let heads: Int
  private let blas: BLAS
  private let kernels: AttentionKernels
  /// Keys and values of every head, packed for the kernels.
  private let packed: AlignedBuffer
  private static let queriesPerBlock = 64

  init(_ tensors: StepTensors, heads: Int, blas: BLAS, kernels: AttentionKernels) {
    self.tensors = tensors
    self.heads = heads
    self.blas = blas
    self.kernels = kernels
    let shape = tensors.output.shape
    packed = AlignedBuffer(
      count: shape.batch * heads
        * kernels.packedCount(frames: shape.frames, depth: shape.channels / heads))
  }

  private var frames: Int { input.shape.frames }
  private var channels: Int { output.shape.channels }
  /// Channels of one head.
  private var depth: Int { channels / heads }
  private var scoreStride: Int { Tensor.padded(frames) }
  private var blockCount: Int { min(Self.queriesPerBlock, frames) * scoreStride }
  /// Scores, and in backward their gradients.
  var scratchCount: Int {
    max(kernels.scratchCount(frames: frames, depth: depth), outputGradient == nil ? 0 : 2 * blockCount)
  }
  private var scale: Float { 1 / Float(depth).squareRoot() }

  func forward(_ context: StepContext) {
    output.clearPadding(context)
    let all = input.shape.batch * heads
    context.forPieces(all, limit: 64) { _, range, _ in
      for index in range { kernels.pack(run(index, scratch: packed.pointer)) }
    }
    let blocks = (frames + kernels.blockQueries - 1) / kernels.blockQueries
    context.forPieces(all * blocks, limit: 64) { _, range, worker in
      for block in range {
        let first = block % blocks * kernels.blockQueries
        kernels.attend(
          run(block / blocks, scratch: context.scratch(of: worker)), first,
          min(kernels.blockQueries, frames - first))
      }
    }
  }

  /// One head of one clip.
  private func run(_ index: Int, scratch: UnsafeMutablePointer<Float>) -> AttentionRun {
    let unit = Unit(self, index, firstQuery: 0)
    return AttentionRun(
      frames: frames, depth: depth, queries: unit.query(input), keys: unit.key(input),
      values: unit.value(input), stride: input.channelStride, scale: scale,
      packed: packed.pointer + index * kernels.packedCount(frames: frames, depth: depth),
      result: unit.result(output), resultStride: output.channelStride,
      scoreStride: kernels.scoreStride(frames: frames), scratch: scratch)
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    inputGradient.clearPadding(context)
    // Keys and values collect from all queries, so one piece holds whole heads.
    context.forPieces(input.shape.batch * heads, limit: 64) { _, range, worker in
      for index in range {
        var first = 0
        while first < frames {
          let unit = Unit(self, index, firstQuery: first)
          backward(unit, inputGradient, outputGradient, context.scratch(of: worker), context)
          first += Self.queriesPerBlock
        }
      }
    }
  }

  /// softmax(q kᵀ / √d) for the queries of a block.
  private func computeProbabilities(
    _ unit: Unit, _ scores: UnsafeMutablePointer<Float>, _ context: StepContext
  ) {
    blas.run(
      MatrixProduct(
        rows: unit.queries, columns: frames, depth: depth,
        a: .init(unit.query(input), stride: input.channelStride),
        b: .init(unit.key(input), stride: input.channelStride, isTransposed: true), c: scores,
        cStride: scoreStride))
    context.kernels.sequences.softmax(scores, scoreStride, frames, unit.queries, scale)
  }

  private func backward(
    _ unit: Unit, _ inputGradient: Tensor, _ outputGradient: Tensor, _ scratch: UnsafeMutablePointer<Float>,
    _ context: StepContext
  ) {
    let (scores, gradients) = (scratch, scratch + blockCount)
    let (stride, gradientStride) = (input.channelStride, inputGradient.channelStride)
    let result = MatrixProduct.Factor(unit.result(outputGradient), stride: outputGradient.channelStride)
    // The first block of queries overwrites what was in the gradients of keys and values.
    let accumulates = unit.firstQuery > 0
    computeProbabilities(unit, scores, context)
    blas.run(
      MatrixProduct(
        rows: frames, columns: depth, depth: unit.queries,
        a: .init(scores, stride: scoreStride, isTransposed: true), b: result, c: unit.value(inputGradient),
        cStride: gradientStride, accumulates: accumulates))
    blas.run(
      MatrixProduct(
        rows: unit.queries, columns: frames, depth: depth, a: result,
        b: .init(unit.value(input), stride: stride, isTransposed: true), c: gradients, cStride: scoreStride))
    context.kernels.sequences.softmaxGradient(gradients, scores, scoreStride, frames, unit.queries, scale)
    blas.run(
      MatrixProduct(
        rows: unit.queries, columns: depth, depth: frames, a: .init(gradients, stride: scoreStride),
        b: .init(unit.key(input), stride: stride), c: unit.query(inputGradient), cStride: gradientStride))
    blas.run(
      MatrixProduct(
        rows: frames, columns: depth, depth: unit.queries,
        a: .init(gradients, stride: scoreStride, isTransposed: true),
        b: .init(unit.query(input), stride: stride), c: unit.key(inputGradient), cStride: gradientStride,
        accumulates: accumulates))
  }

  /// Some queries of one head of one clip.
  private struct Unit {
    let firstRow: Int
    let firstChannel: Int
    let channels: Int
    let firstQuery: Int
    let queries: Int

    init(_ step: AttentionStep, _ index: Int, firstQuery: Int) {
      firstRow = index / step.heads * step.frames
      firstChannel = index % step.heads * step.depth
      channels = step.channels
      self.firstQuery = firstQuery
      queries = min(AttentionStep.queriesPerBlock, step.frames - firstQuery)
    }

    func query(_ tensor: Tensor) -> UnsafeMutablePointer<Float> {
      tensor.pointer + (firstRow + firstQuery) * tensor.channelStride + firstChannel
    }
    func key(_ tensor: Tensor) -> UnsafeMutablePointer<Float> {
      tensor.pointer + firstRow * tensor.channelStride + channels + firstChannel
    }
    func value(_ tensor: Tensor) -> UnsafeMutablePointer<Float> {
      tensor.pointer + firstRow * tensor.channelStride + 2 * channels + firstChannel
    }
    func result(_ tensor: Tensor) -> UnsafeMutablePointer<Float> { query(tensor) }
  }
}
