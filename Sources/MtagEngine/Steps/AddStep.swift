import MtagGraph

/// The sum of values of one shape.
final class AddStep: Step {
  let tensors: StepTensors

  init(_ tensors: StepTensors) { self.tensors = tensors }

  func forward(_ context: StepContext) {
    let y = output.pointer
    let sources = inputs.map(\.pointer)
    context.forPieces(output.count, limit: 64, grain: 1024) { _, range, _ in
      for i in range { y[i] = sources[0][i] }
      for x in sources.dropFirst() {
        for i in range { y[i] += x[i] }
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let dy = outputGradient?.pointer else { return }
    for dx in inputGradients.compactMap({ $0?.pointer }) {
      context.forPieces(output.count, limit: 64, grain: 4096) { _, range, _ in
        (dx + range.lowerBound).update(from: dy + range.lowerBound, count: range.count)
      }
    }
  }
}
