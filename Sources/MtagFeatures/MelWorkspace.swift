import MtagCore
import MtagKernelTypes

/// The scratch memory of one clip under way, and the road of one group of 16 frames through it.
struct MelWorkspace: ~Copyable {
  private let plan: MelPlan
  /// `[fftSize]`: one windowed frame; the transform destroys it.
  private let frame: AlignedBuffer
  /// `[16, rowStride]`: spectra, real and imaginary parts in turn.
  private let spectra: AlignedBuffer
  private let rowStride: Int
  /// `[binCount rounded up to 4, 16]`: power or magnitude.
  private let binValues: AlignedBuffer
  /// `[bands, 16]`: what `process` leaves.
  let bandSums: AlignedBuffer
  /// `[16]`: the largest band value so far, column by column.
  private let peaks: AlignedBuffer

  init(plan: MelPlan) {
    let width = FeatureKernels.framesPerGroup
    self.plan = plan
    frame = AlignedBuffer(count: plan.spec.fftSize)
    // Room for the three bins that the kernel may read past the last; rows start on a multiple of 64 bytes, and an odd
    // one, so that equal bins of 16 rows do not fall into the same few cache sets.
    rowStride = (2 * (plan.fft.bins + 3) + 31) / 32 * 32 + 16
    spectra = AlignedBuffer(count: width * rowStride)
    binValues = AlignedBuffer(count: (plan.filterbank.binCount + 3) / 4 * 4 * width)
    bandSums = AlignedBuffer(count: plan.filterbank.bands * width)
    peaks = AlignedBuffer(count: width)
  }

  /// The largest band value of all frames so far; values are never negative.
  var peak: Float { peaks.readOnly.max() ?? 0 }

  /// Band values of 16 frames, `hopLength` apart, from `samples` on, into `bandSums`; frames from `validFrames` on count
  /// as silence.
  func process(_ samples: UnsafePointer<Float>, validFrames: Int) {
    let (spec, width) = (plan.spec, FeatureKernels.framesPerGroup)
    for index in 0..<width {
      let row = spectra.pointer + index * rowStride
      if index < validFrames {
        transform(samples + index * spec.hopLength, into: row)
      } else {
        row.update(repeating: 0, count: rowStride)
      }
    }
    let bank = plan.filterbank
    plan.kernels.binValues(
      binValues.pointer, spectra.pointer, rowStride, bank.firstBin, bank.binCount, spec.magnitudeExponent == 1
    )
    bank.withTable { plan.kernels.bandSums(bandSums.pointer, peaks.pointer, binValues.pointer, $0) }
  }

  private func transform(_ samples: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>) {
    let (offset, length) = (plan.windowOffset, plan.spec.windowLength)
    // The transform destroys its input, so the zeros around a short window are written anew.
    frame.pointer.update(repeating: 0, count: offset)
    plan.window.withUnsafeBufferPointer { window in
      guard let window = window.baseAddress else { return }
      plan.kernels.applyWindow(frame.pointer + offset, samples + offset, window, length)
    }
    let end = offset + length
    (frame.pointer + end).update(repeating: 0, count: plan.spec.fftSize - end)
    plan.fft.execute(frame.pointer, into: row)
  }
}
