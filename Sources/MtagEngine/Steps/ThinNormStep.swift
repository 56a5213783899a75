import MtagCore
import MtagGraph

/// In inference, a batch norm of one channel, over all values or band by band, whose output stands unpadded: what a network's first
/// convolution reads.
final class ThinNormStep: Step {
  let tensors: StepTensors
  private let state: NormState
  private let isPerBand: Bool

  init(_ tensors: StepTensors, state: NormState, isPerBand: Bool) {
    self.tensors = tensors
    self.state = state
    self.isPerBand = isPerBand
  }

  func forward(_ context: StepContext) {
    if context.parametersChanged { state.useRunningStatistics() }
    let (frames, stride) = (input.shape.frames, input.channelStride)
    context.forPieces(input.shape.batch * input.shape.bands, limit: 64) { _, rows, _ in
      for row in rows {
        let index = isPerBand ? row % input.shape.bands : 0
        let (scale, shift) = (state.scale.pointer[index], state.shift.pointer[index])
        let (x, y) = (input.pointer + row * frames * stride, output.pointer + row * frames)
        for frame in 0..<frames { y[frame] = x[frame * stride] * scale + shift }
      }
    }
  }

  func backward(_ context: StepContext) {
    preconditionFailure("\(name): norms of unpadded values are for inference only")
  }
}
