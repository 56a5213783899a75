import MtagGraph

/// Adds up the gradients that the readers of one value left, in the order of the readers, before that value's own step goes on.
final class GradientSumStep: Step {
  let tensors: StepTensors
  private let others: [Tensor]

  /// - Parameters:
  ///   - tensors: `outputGradient` is the first reader's gradient, and takes the sum.
  ///   - others: the other readers' gradients.
  init(_ tensors: StepTensors, others: [Tensor]) {
    self.tensors = tensors
    self.others = others
  }

  func forward(_ context: StepContext) {}

  func backward(_ context: StepContext) {
    guard let sum = outputGradient?.pointer else { return }
    // No array of pointers: steps of training allocate nothing.
    for index in others.indices {
      let other = others[index].pointer
      context.forPieces(output.count, limit: 64, grain: 1024) { _, range, _ in
        for i in range { sum[i] += other[i] }
      }
    }
  }
}

/// Copies a value for a step that will overwrite it.
final class CopyStep: Step {
  let tensors: StepTensors

  init(_ tensors: StepTensors) { self.tensors = tensors }

  func forward(_ context: StepContext) {
    let (source, target) = (input, output)
    let (stride, copyStride) = (source.channelStride, target.channelStride)
    guard stride != copyStride else {
      context.forPieces(target.count, limit: 64, grain: 4096) { _, range, _ in
        (target.pointer + range.lowerBound).update(
          from: source.pointer + range.lowerBound, count: range.count)
      }
      return
    }
    // The network's input may stand unpadded.
    context.forPieces(target.shape.batch * target.pixels, limit: 64) { _, range, _ in
      for pixel in range {
        let place = target.pointer + pixel * copyStride
        place.update(repeating: 0, count: copyStride)
        place.update(from: source.pointer + pixel * stride, count: target.shape.channels)
      }
    }
  }

  func backward(_ context: StepContext) {}
}
