import MtagCore

/// A batch norm in inference, folded into the convolution before it: it is a line `y * scale + shift` of fixed numbers, so its
/// scale goes into the weights and its shift into the bias.
final class FoldedNorm {
  private let state: NormState
  private let scaled: AlignedBuffer

  init(state: NormState, weightCount: Int) {
    self.state = state
    scaled = AlignedBuffer(count: weightCount)
  }

  /// The weights times the scale of their output channel, as `fold` left them.
  var weights: UnsafeMutablePointer<Float> { scaled.pointer }

  /// Takes the running statistics and scales the weights `[out, …]`.
  func fold(_ weights: ParameterMemory.Slot) {
    state.useRunningStatistics()
    let filterSize = weights.count / state.channels
    for channel in 0..<state.channels {
      let scale = state.scale.pointer[channel]
      for i in (channel * filterSize)..<((channel + 1) * filterSize) {
        scaled.pointer[i] = weights.values[i] * scale
      }
    }
  }

  /// The shift of each channel, with the convolution's own bias.
  func writeShift(bias: ParameterMemory.Slot?, to shift: UnsafeMutablePointer<Float>) {
    for channel in 0..<state.channels {
      shift[channel] =
        state.shift.pointer[channel] + state.scale.pointer[channel] * (bias?.values[channel] ?? 0)
    }
  }
}
