import MtagCore
import MtagGraph
import MtagKernelTypes

/// Triangles of one learned width around the harmonics of a scale of notes: `[batch, bins, frames, 1]` of a power spectrogram →
/// `[batch, bands, frames, harmonics]`.
///
/// The weight of bin frequency f in the band around g is max(0, 1 − 2 |Q| |f − g| / (0.1079 g + 24.7)): the triangle of the full
/// width (0.1079 g + 24.7) / Q. Weights are made anew for each row: that takes no time beside the row itself.
final class HarmonicFilterStep: Step {
  let tensors: StepTensors
  private let attributes: Operation.HarmonicFilter
  private let quality: ParameterMemory.Slot
  /// The input without padding, `[batch, bins, frames]`; empty if it stands so already.
  private let plane: AlignedBuffer
  /// The gradient of Q from each output row.
  private let partialSums: UnsafeMutablePointer<Double>

  init(
    _ tensors: StepTensors, attributes: Operation.HarmonicFilter, quality: ParameterMemory.Slot
  ) {
    self.tensors = tensors
    self.attributes = attributes
    self.quality = quality
    plane = AlignedBuffer(count: tensors.input.channelStride == 1 ? 0 : tensors.input.rows)
    partialSums = .allocate(capacity: tensors.output.shape.batch * tensors.output.shape.bands)
  }

  deinit { partialSums.deallocate() }

  private var bins: Int { input.shape.bands }
  private var frames: Int { input.shape.frames }
  private var rowCount: Int { output.shape.batch * output.shape.bands }
  /// Weights of a band's bins, and a row of frames.
  var scratchCount: Int { Tensor.padded(bins) + frames }

  func forward(_ context: StepContext) {
    if input.channelStride > 1 { removePadding(context) }
    let source = source
    context.forPieces(rowCount, limit: 64) { _, range, worker in
      let weights = context.scratch(of: worker)
      let line = weights + Tensor.padded(bins)
      for row in range {
        let y = output.pointer + row * frames * output.channelStride
        y.update(repeating: 0, count: frames * output.channelStride)
        for harmonic in 0..<attributes.harmonics {
          let filter = filter(band: row % output.shape.bands, harmonic)
          filter.writeWeights(weights)
          sum(weights, filter.bins, source, image: row / output.shape.bands, into: line, context)
          context.kernels.sequences.addScaled(y + harmonic, output.channelStride, line, 1, 1, frames)
        }
      }
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    let source = source
    context.forPieces(rowCount, limit: 64) { _, range, worker in
      let weights = context.scratch(of: worker)
      let line = weights + Tensor.padded(bins)
      for row in range {
        let gradient = outputGradient.pointer + row * frames * output.channelStride
        var total = 0.0
        for harmonic in 0..<attributes.harmonics {
          let filter = filter(band: row % output.shape.bands, harmonic)
          filter.writeSlopes(weights)
          sum(weights, filter.bins, source, image: row / output.shape.bands, into: line, context)
          for frame in 0..<frames {
            total += Double(line[frame]) * Double(gradient[frame * output.channelStride + harmonic])
          }
        }
        partialSums[row] = total
      }
    }
    var total = 0.0
    for row in 0..<rowCount { total += partialSums[row] }
    quality.gradients[0] = Float(total)
    if let inputGradient { computeInputGradient(inputGradient, outputGradient, context) }
  }

  /// Each value goes back to the bins that it came from. Bands overlap, so one piece is a whole clip.
  private func computeInputGradient(
    _ inputGradient: Tensor, _ outputGradient: Tensor, _ context: StepContext
  ) {
    let stride = inputGradient.channelStride
    context.forPieces(input.shape.batch, limit: 64) { _, range, worker in
      let weights = context.scratch(of: worker)
      for image in range {
        let target = inputGradient.pointer + image * input.pixels * stride
        target.update(repeating: 0, count: input.pixels * stride)
        for band in 0..<output.shape.bands {
          let gradient =
            outputGradient.pointer
            + (image * output.shape.bands + band) * frames * output.channelStride
          for harmonic in 0..<attributes.harmonics {
            let filter = filter(band: band, harmonic)
            filter.writeWeights(weights)
            for bin in filter.bins {
              context.kernels.sequences.addScaled(
                target + bin * frames * stride, stride, gradient + harmonic, output.channelStride,
                weights[bin - filter.bins.lowerBound], frames)
            }
          }
        }
      }
    }
  }

  private var source: UnsafePointer<Float> {
    UnsafePointer(input.channelStride == 1 ? input.pointer : plane.pointer)
  }

  private func removePadding(_ context: StepContext) {
    context.forPieces(input.rows, limit: 64, grain: 256) { _, range, _ in
      for pixel in range { plane.pointer[pixel] = input.pointer[pixel * input.channelStride] }
    }
  }

  /// line[frame] = Σ weights · bins of a clip
  private func sum(
    _ weights: UnsafePointer<Float>, _ range: Range<Int>, _ source: UnsafePointer<Float>, image: Int,
    into line: UnsafeMutablePointer<Float>, _ context: StepContext
  ) {
    context.kernels.sequences.weightedRows(
      line, source + (image * bins + range.lowerBound) * frames, frames, weights, range.count, frames)
  }

  private func filter(band: Int, _ harmonic: Int) -> HarmonicTriangle {
    HarmonicTriangle(
      centreHz: attributes.centreHz(band: band, harmonic: harmonic + 1), quality: quality.values[0],
      hertzPerBin: Double(attributes.sampleRateHz) / 2 / Double(max(bins - 1, 1)), binCount: bins)
  }
}
