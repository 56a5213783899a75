import MtagCore
import MtagKernelTypes

/// The scratch memory of one clip under way, and the road of one group of 16 frames through it. The plan keeps it for the
/// next clip, because fresh pages would cost a third of a clip's time.
final class MelWorkspace: @unchecked Sendable {
  // Sendable holds because a workspace belongs to one stream at a time, or to the plan's locked list of idle ones.

  /// `[fftSize]`: one windowed frame; the transform destroys it.
  private let frame: AlignedBuffer
  /// `[16, rowStride]`: spectra, real and imaginary parts in turn.
  private let spectra: AlignedBuffer
  private let rowStride: Int
  /// `[binCount rounded up to 4, 16]`: power or magnitude.
  private let binValues: AlignedBuffer
  /// `[bands, 16]`: band values of the last group.
  private let bandSums: AlignedBuffer
  /// `[16]`: the largest band value so far, column by column.
  private let peaks: AlignedBuffer
  /// Band values of the clip so far: groups of `[bands, 16]`, in pieces so that a long clip is never copied to grow.
  private(set) var pieces: [[Float]] = []
  /// Values of a full piece: some 1 MiB, or one group.
  private let pieceLength: Int

  init(plan: MelPlan) {
    let width = FeatureKernels.framesPerGroup
    frame = AlignedBuffer(count: plan.spec.fftSize)
    // Room for the three bins that the kernel may read past the last; rows start on a multiple of 64 bytes, and an odd
    // one, so that equal bins of 16 rows do not fall into the same few cache sets.
    rowStride = (2 * (plan.fft.bins + 3) + 31) / 32 * 32 + 16
    spectra = AlignedBuffer(count: width * rowStride)
    binValues = AlignedBuffer(count: (plan.filterbank.binCount + 3) / 4 * 4 * width)
    bandSums = AlignedBuffer(count: plan.filterbank.bands * width)
    peaks = AlignedBuffer(count: width)
    pieceLength = max(1, 262_144 / bandSums.count) * bandSums.count
  }

  /// Forgets the last clip, but for the memory of its first piece.
  func reset() {
    peaks.mutable.update(repeating: 0)
    guard !pieces.isEmpty else { return }
    pieces.removeSubrange(1...)
    pieces[0].removeAll(keepingCapacity: true)
  }

  /// The largest band value of all frames so far; values are never negative.
  var peak: Float { peaks.readOnly.max() ?? 0 }

  /// Appends the band values of 16 frames, `hopLength` apart, from `samples` on; frames from `validFrames` on count as
  /// silence.
  func process(_ samples: UnsafePointer<Float>, validFrames: Int, plan: MelPlan) {
    let (spec, width) = (plan.spec, FeatureKernels.framesPerGroup)
    for index in 0..<width {
      let row = spectra.pointer + index * rowStride
      if index < validFrames {
        transform(samples + index * spec.hopLength, into: row, plan: plan)
      } else {
        row.update(repeating: 0, count: rowStride)
      }
    }
    let bank = plan.filterbank
    plan.kernels.binValues(
      binValues.pointer, spectra.pointer, rowStride, bank.firstBin, bank.binCount, spec.magnitudeExponent == 1
    )
    bank.withTable { plan.kernels.bandSums(bandSums.pointer, peaks.pointer, binValues.pointer, $0) }
    keepBandSums()
  }

  private func keepBandSums() {
    if pieces.last.map({ $0.count == pieceLength }) ?? true {
      pieces.append([])
      pieces[pieces.count - 1].reserveCapacity(pieceLength)
    }
    pieces[pieces.count - 1].append(contentsOf: bandSums.readOnly)
  }

  private func transform(
    _ samples: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>, plan: MelPlan
  ) {
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
