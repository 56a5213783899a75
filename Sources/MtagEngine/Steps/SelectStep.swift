import MtagGraph

/// One frame: 0 is the first, −1 the last.
final class SelectStep: Step {
  let tensors: StepTensors
  private let frame: Int

  init(_ tensors: StepTensors, frame: Int) {
    self.tensors = tensors
    self.frame = frame < 0 ? tensors.input.shape.frames + frame : frame
  }

  func forward(_ context: StepContext) {
    let stride = output.channelStride
    for row in 0..<rows {
      (output.pointer + row * stride).update(from: input.pointer + place(row), count: stride)
    }
  }

  func backward(_ context: StepContext) {
    guard let inputGradient, let outputGradient else { return }
    inputGradient.clear(context)
    let stride = output.channelStride
    for row in 0..<rows {
      (inputGradient.pointer + place(row)).update(from: outputGradient.pointer + row * stride, count: stride)
    }
  }

  private var rows: Int { output.shape.batch * output.shape.bands }

  /// Where the frame of a row stands in the input.
  private func place(_ row: Int) -> Int { (row * input.shape.frames + frame) * input.channelStride }
}
