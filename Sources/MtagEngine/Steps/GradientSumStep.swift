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
