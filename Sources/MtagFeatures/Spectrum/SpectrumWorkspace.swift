import MtagCore
import MtagKernelTypes

/// The scratch memory of one clip under way, and the road of one group of 16 frames through it. The plan keeps it for the
/// next clip, because fresh pages would cost a third of a clip's time.
final class SpectrumWorkspace: @unchecked Sendable {
  // Sendable holds because a workspace belongs to one stream at a time, or to the plan's locked list of idle ones.

  /// What the transform of one frame works in.
  private let scratch: AlignedBuffer
  /// `[16, rowStride]`: spectra, real and imaginary parts in turn.
  private let spectra: AlignedBuffer
  private let rowStride: Int
  /// `[binCount rounded up to 4, 16]`: power or magnitude.
  private let binValues: AlignedBuffer
  /// `[keptRows, 16]`: what is kept of the last group.
  private let kept: AlignedBuffer
  /// `[peakRows, 16]`: the largest values so far, column by column.
  private let columnPeaks: AlignedBuffer
  /// What is kept of the clip so far.
  let store: FrameStore

  init(plan: SpectrumPlan, recipe: some SpectrumRecipe) {
    let width = FeatureKernels.framesPerGroup
    scratch = AlignedBuffer(count: plan.transform.scratchLength)
    // Room for the three bins that the kernel may read past the last; rows start on a multiple of 64 bytes, and an odd
    // one, so that equal bins of 16 rows do not fall into the same few cache sets.
    rowStride = (2 * (plan.transform.bins + 3) + 31) / 32 * 32 + 16
    spectra = AlignedBuffer(count: width * rowStride)
    binValues = AlignedBuffer(count: (recipe.binCount + 3) / 4 * 4 * width)
    kept = AlignedBuffer(count: recipe.keptRows * width)
    columnPeaks = AlignedBuffer(count: recipe.peakRows * width)
    store = FrameStore(rows: recipe.keptRows)
  }

  /// Forgets the last clip.
  func reset() {
    columnPeaks.mutable.update(repeating: 0)
    store.reset()
  }

  /// The largest values of all frames so far, `[peakRows]`; values are never negative.
  var peaks: [Float] {
    let width = FeatureKernels.framesPerGroup
    return stride(from: 0, to: columnPeaks.count, by: width).map { row in
      columnPeaks.readOnly[row..<(row + width)].max() ?? 0
    }
  }

  /// Appends what is kept of 16 frames, `hopLength` apart, from `samples` on; frames from `validFrames` on count as
  /// silence.
  func process(
    _ samples: UnsafePointer<Float>, validFrames: Int, plan: SpectrumPlan, recipe: some SpectrumRecipe
  ) throws {
    let (spec, width) = (plan.spec, FeatureKernels.framesPerGroup)
    for index in 0..<width {
      let row = spectra.pointer + index * rowStride
      if index < validFrames {
        plan.transform.run(samples + index * spec.hopLength, into: row, scratch: scratch.pointer)
      } else {
        row.update(repeating: 0, count: rowStride)
      }
    }
    plan.kernels.binValues(
      binValues.pointer, spectra.pointer, rowStride, recipe.firstBin, recipe.binCount,
      spec.magnitudeExponent == 1)
    recipe.reduce(binValues.pointer, kept: kept.pointer, peaks: columnPeaks.pointer)
    try store.append(kept.readOnly)
  }
}
