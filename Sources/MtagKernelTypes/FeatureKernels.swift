/// Hot loops of the feature extractors.
///
/// Frames are worked on in groups of `framesPerGroup`, whatever the level's SIMD width: a value of one bin or band stands
/// beside those of the group's other frames, so that every loop but the first runs over frames without a shuffle.
public struct FeatureKernels: Sendable {
  /// How many frames stand side by side in `binValues`, `bandSums` and `levels`.
  @inlinable public static var framesPerGroup: Int { 16 }

  /// `out[i] = samples[i] * window[i]`, for `count` values.
  public let applyWindow: ApplyWindow
  /// `out[i] = (d[i] - preEmphasis · d[max(i - 1, 0)]) · window[i]`, d being the samples without their mean, or as they are;
  /// `count` is at least 1. The same bits at every level.
  public let centerFrame: CenterFrame
  /// `centerFrame` (without mean and pre-emphasis: `applyWindow`) in double precision. The same bits at every level.
  public let windowInDouble: WindowInDouble
  /// `out[i] = values[i]`, rounded to single precision, for `count` values.
  public let roundToSingle: RoundToSingle
  /// `out[i] = samples[i + 1] - coefficient · samples[i]`, for `count` values of `count + 1` samples; may work in place. The
  /// same bits at every level.
  public let emphasize: Emphasize
  /// The largest of the samples' bit patterns without their signs. Ordered like the magnitudes; infinity and NaN are above
  /// every finite number.
  public let largestMagnitudeBits: LargestMagnitudeBits
  /// `sums[i % 16] += samples[i]²`, each product rounded before it is added; `count` is a multiple of 16.
  public let addSquares: AddSquares
  /// Squared magnitudes (or magnitudes) of 16 spectra, turned: `spectra` is `[16, rowStride / 2]` complex, `out` is
  /// `[binCount, 16]`. Up to three bins past the last are read and written, so both buffers hold a multiple of four bins.
  public let binValues: BinValues
  /// Weighted sums over bins: `bins` is `[bins, 16]`, `out` is `[bands, 16]`; keeps the largest of each column in `peaks`.
  public let bandSums: BandSums
  /// Levels of `[bands, 16]` values, written to `columns` (≤ 16) columns of rows that are `outStride` apart.
  public let levels: Levels

  /// (out, samples, window, count)
  public typealias ApplyWindow =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void
  /// (out, samples, window, count, removesMean, preEmphasis)
  public typealias CenterFrame =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int, Bool, Float
    ) -> Void
  /// (out, samples, window, count, removesMean, preEmphasis)
  public typealias WindowInDouble =
    @Sendable (
      UnsafeMutablePointer<Double>, UnsafePointer<Float>, UnsafePointer<Double>, Int, Bool, Float
    ) -> Void
  /// (out, values, count)
  public typealias RoundToSingle =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Double>, Int) -> Void
  /// (out, samples, count, coefficient)
  public typealias Emphasize =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Float) -> Void
  /// (samples, count) → bits
  public typealias LargestMagnitudeBits = @Sendable (UnsafePointer<Float>, Int) -> UInt32
  /// (sums, samples, count)
  public typealias AddSquares = @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  /// (out, spectra, rowStride in floats, firstBin, binCount, takesRoot)
  public typealias BinValues =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int, Int, Bool) -> Void
  /// (out, peaks, bins, bank)
  public typealias BandSums =
    @Sendable (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, BandTable) ->
    Void
  /// (out, outStride, values, bands, columns, rule)
  public typealias Levels =
    @Sendable (UnsafeMutablePointer<Float>, Int, UnsafePointer<Float>, Int, Int, LevelRule) -> Void

  /// Collects the loops of one level.
  public init(
    applyWindow: @escaping ApplyWindow, centerFrame: @escaping CenterFrame,
    windowInDouble: @escaping WindowInDouble, roundToSingle: @escaping RoundToSingle,
    emphasize: @escaping Emphasize,
    largestMagnitudeBits: @escaping LargestMagnitudeBits, addSquares: @escaping AddSquares,
    binValues: @escaping BinValues, bandSums: @escaping BandSums,
    levels: @escaping Levels
  ) {
    self.applyWindow = applyWindow
    self.centerFrame = centerFrame
    self.windowInDouble = windowInDouble
    self.roundToSingle = roundToSingle
    self.emphasize = emphasize
    self.largestMagnitudeBits = largestMagnitudeBits
    self.addSquares = addSquares
    self.binValues = binValues
    self.bandSums = bandSums
    self.levels = levels
  }
}
