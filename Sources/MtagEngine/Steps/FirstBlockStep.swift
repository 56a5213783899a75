import MtagCore
import MtagGraph
import MtagKernelTypes

/// The first block of a spectrogram network, without storing its convolution; see `FirstBlockRun`.
///
/// With S = Σ patch, R = Σ patch patchᵀ over all N pixels, a channel's convolution w·patch has mean w·S / N and mean square
/// wᵀR w / N. In backward, with P = Σ g patch over the pixels that the pool chose, the gradients are
///   bias = Σ g,  weight = (w·P − mean Σ g) / deviation,
///   taps = scale (P − S Σ g / N − (R w − mean S) / deviation · weight / N).
final class FirstBlockStep: Step {
  let tensors: StepTensors
  var scratchCount: Int { 4 * (input.shape.frames + 4) }

  private let taps: ParameterMemory.Slot
  private let state: NormState
  private let normWeight: ParameterMemory.Slot
  private let normBias: ParameterMemory.Slot
  private let scaledTaps: AlignedBuffer
  private let momentSums: ChannelSums
  private let gradientSums: ChannelSums
  private var moments: UnsafePointer<Double>

  private static let pieces = 64

  init(
    _ tensors: StepTensors, taps: ParameterMemory.Slot,
    state: NormState, normWeight: ParameterMemory.Slot, normBias: ParameterMemory.Slot
  ) {
    self.tensors = tensors
    self.taps = taps
    self.state = state
    self.normWeight = normWeight
    self.normBias = normBias
    scaledTaps = AlignedBuffer(count: 9 * tensors.output.channelStride)
    momentSums = ChannelSums(width: 90, pieces: Self.pieces)
    moments = momentSums.total()
    gradientSums = ChannelSums(
      width: 10 * tensors.output.channelStride, pieces: tensors.outputGradient == nil ? 0 : Self.pieces)
  }

  func forward(_ context: StepContext) {
    if context.isTraining {
      collectMoments(context)
      let count = Double(pixels)
      state.use(
        mean: { channelMean($0) },
        variance: { channel in
          let mean = channelMean(channel)
          return (0..<9).reduce(0) { $0 + weight(channel, $1) * correlation(channel, $1) } / count - mean
            * mean
        }, pixels: pixels)
    } else if context.parametersChanged {
      state.useRunningStatistics()
    }
    scaleTaps()
    context.forPieces(rows, limit: Self.pieces) { _, range, worker in
      context.kernels.firstBlock.forward(
        run(output, momentSums.piece(0), context, worker), range.lowerBound, range.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    gradientSums.reset()
    context.forPieces(rows, limit: Self.pieces) { piece, range, worker in
      context.kernels.firstBlock.backward(
        run(outputGradient, gradientSums.piece(piece), context, worker), range.lowerBound, range.count)
    }
    finishGradients(sums: gradientSums.total())
  }

  // MARK: - Helpers

  private var rows: Int { input.shape.batch * (input.shape.bands / 2) }
  private var pixels: Int { input.shape.batch * input.pixels }

  private func run(
    _ z: Tensor, _ sums: UnsafeMutablePointer<Double>, _ context: StepContext, _ worker: Int
  ) -> FirstBlockRun {
    FirstBlockRun(
      bands: input.shape.bands, frames: input.shape.frames, channels: output.channelStride, x: input.pointer,
      scaledTaps: scaledTaps.pointer, shift: state.shift.pointer, z: z.pointer, sums: sums,
      scratch: context.scratch(of: worker))
  }

  private func collectMoments(_ context: StepContext) {
    momentSums.reset()
    context.forPieces(input.shape.batch * input.shape.bands, limit: Self.pieces) { piece, range, worker in
      context.kernels.firstBlock.moments(
        run(output, momentSums.piece(piece), context, worker), momentSums.piece(piece), range.lowerBound,
        range.count)
    }
    moments = momentSums.total()
  }

  private func weight(_ channel: Int, _ tap: Int) -> Double { Double(taps.values[channel * 9 + tap]) }

  /// w·S / N
  private func channelMean(_ channel: Int) -> Double {
    (0..<9).reduce(0) { $0 + weight(channel, $1) * moments[$1] } / Double(pixels)
  }

  /// (R w)[tap]
  private func correlation(_ channel: Int, _ tap: Int) -> Double {
    (0..<9).reduce(0) { $0 + weight(channel, $1) * moments[9 + tap * 9 + $1] }
  }

  private func scaleTaps() {
    for channel in 0..<state.channels {
      for tap in 0..<9 {
        scaledTaps.pointer[tap * output.channelStride + channel] =
          taps.values[channel * 9 + tap] * state.scale.pointer[channel]
      }
    }
  }

  private func finishGradients(sums: UnsafePointer<Double>) {
    let stride = output.channelStride
    let count = Double(pixels)
    for channel in 0..<state.channels {
      let total = sums[9 * stride + channel]
      let mean = channelMean(channel)
      let inverse = Double(state.inverseDeviation.pointer[channel])
      let product = (0..<9).reduce(0) { $0 + weight(channel, $1) * sums[$1 * stride + channel] }
      let weightGradient = (product - mean * total) * inverse
      normBias.gradients[channel] = Float(total)
      normWeight.gradients[channel] = Float(weightGradient)
      for tap in 0..<9 {
        let normalised = (correlation(channel, tap) - mean * moments[tap]) * inverse
        let centred =
          sums[tap * stride + channel] - moments[tap] * total / count - normalised * weightGradient / count
        taps.gradients[channel * 9 + tap] = Float(Double(state.scale.pointer[channel]) * centred)
      }
    }
  }
}
