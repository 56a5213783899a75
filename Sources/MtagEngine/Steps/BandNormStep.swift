import MtagCore
import MtagGraph
import MtagKernelTypes

/// Batch norm of each band over batch, frames and channels: y = x · scale[band] + shift[band].
final class BandNormStep: Step {
  let tensors: StepTensors
  private let state: NormState
  /// Of each row: a sum and a sum of squares, or in backward the sums of g and of g times the normalised value.
  private let rowSums: ChannelSums

  init(_ tensors: StepTensors, state: NormState) {
    self.tensors = tensors
    self.state = state
    rowSums = ChannelSums(
      width: 2 * tensors.input.shape.bands,
      pieces: tensors.outputGradient == nil ? 0 : tensors.input.shape.batch)
  }

  func forward(_ context: StepContext) {
    if context.isTraining {
      collect(context) { _, place in (Double(input.pointer[place]), Double(input.pointer[place])) }
      state.useBatch(sums: rowSums.total(), stride: bands, pixels: valuesOfBand)
    } else if context.parametersChanged {
      state.useRunningStatistics()
    }
    let scaled = run(multiplies: true, operand(input), state.scale.pointer)
    let shifted = run(multiplies: false, operand(output), state.shift.pointer)
    context.forPixels(of: output) { pixels in
      context.kernels.pointwise.combine(scaled, pixels.lowerBound, pixels.count)
      context.kernels.pointwise.combine(shifted, pixels.lowerBound, pixels.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    collect(context) { band, place in
      (normalised(band, place), Double(outputGradient.pointer[place]))
    }
    state.finishGradient(sums: rowSums.total(), stride: bands, pixels: valuesOfBand)
    guard let inputGradient else { return }
    forRows(context) { row, band in
      let scale = state.scale.pointer[band]
      let (mean, product) = (state.meanGradient.pointer[band], state.meanProduct.pointer[band])
      forValues(of: row) { place in
        let expected = mean + Float(normalised(band, place)) * product
        inputGradient.pointer[place] = scale * (outputGradient.pointer[place] - expected)
      }
      inputGradient.clearPadding(of: row * input.shape.frames..<(row + 1) * input.shape.frames)
    }
  }

  // MARK: - Helpers

  private var bands: Int { input.shape.bands }
  private var valuesOfBand: Int { input.shape.batch * input.shape.frames * input.shape.channels }

  private func normalised(_ band: Int, _ place: Int) -> Double {
    Double(input.pointer[place]) * Double(state.inverseDeviation.pointer[band])
      - Double(state.meanOverDeviation.pointer[band])
  }

  /// Sums of g, and of g times a value, for each band of each clip.
  private func collect(
    _ context: StepContext, _ values: (_ band: Int, _ place: Int) -> (value: Double, g: Double)
  ) {
    rowSums.reset()
    forRows(context) { row, band in
      var (sum, product) = (0.0, 0.0)
      forValues(of: row) { place in
        let (value, g) = values(band, place)
        sum += g
        product += g * value
      }
      let sums = rowSums.piece(row / bands)
      sums[band] = sum
      sums[bands + band] = product
    }
  }

  private func forRows(_ context: StepContext, _ body: (_ row: Int, _ band: Int) -> Void) {
    context.forPieces(input.shape.batch * bands, limit: 64) { _, rows, _ in
      for row in rows { body(row, row % bands) }
    }
  }

  /// Calls `body` with the places of a row's values.
  private func forValues(of row: Int, _ body: (_ place: Int) -> Void) {
    let first = row * input.shape.frames * input.channelStride
    for frame in 0..<input.shape.frames {
      for channel in 0..<input.shape.channels { body(first + frame * input.channelStride + channel) }
    }
  }

  private func operand(_ tensor: Tensor) -> BroadcastOperand {
    let row = tensor.shape.frames * tensor.channelStride
    return BroadcastOperand(
      values: tensor.pointer, imageStep: bands * row, bandStep: row, frameStep: tensor.channelStride,
      isScalar: false)
  }

  /// The whole value with a number for each band.
  private func run(
    multiplies: Bool, _ values: BroadcastOperand, _ numbers: UnsafePointer<Float>
  ) -> CombineRun {
    CombineRun(
      multiplies: multiplies, a: values,
      b: BroadcastOperand(values: numbers, imageStep: 0, bandStep: 1, frameStep: 0, isScalar: true),
      target: output.pointer, bands: bands, frames: output.shape.frames, channels: output.shape.channels,
      stride: output.channelStride)
  }
}
