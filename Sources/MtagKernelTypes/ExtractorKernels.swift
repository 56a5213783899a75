/// Hot loops of the extractors other than mel. All work on groups of 16 frames, `[rows, 16]`, as `FeatureKernels` does.
public struct ExtractorKernels: Sendable {
  /// How many rows of a dense bank's weights stand side by side.
  @inlinable public static var panelRows: Int { 8 }

  /// Weighted sums over all bins: `bins` is `[depth, 16]`, `out` is `[rows, 16]`, `weights` is
  /// `[rows rounded up to 8 / 8, depth, 8]`; keeps the largest of each column in `peaks`.
  public let denseSums: DenseSums
  /// Divides each column of `[rows, 16]` by its largest value, unless that is below the smallest normal float.
  public let normalizeColumns: NormalizeColumns
  /// Copies `[rows, 16]` and keeps the largest of each column in `peaks`.
  public let copyWithPeaks: CopyWithPeaks
  /// Per-channel energy normalisation of `[bands, 16]`, written to `columns` (≤ 16) columns of rows that are `outStride`
  /// apart; `state` is the smoother's last value, band by band, and is moved on by 16 frames.
  public let pcen: PCEN
  /// Means of the `taken` smallest and of the `taken` largest of each column of `[count, 16]`, taken ≤ count; `scratch` holds
  /// 32 values a taken one. No value is negative.
  public let extremes: Extremes
  /// `out[t] = Σ max(0, levels[band][t] - levels[band][t - 1]) / bands` for 16 columns; column -1 of each row is read.
  public let rises: Rises
  /// Windowed autocorrelations from each of 16 places of an envelope on, over their lag 0 unless that is below the smallest
  /// normal float: `out` is `[lags, 16]`; `weights` holds the window times the window shifted by lag 0, then by lag 1, …,
  /// `lags - lag` values each; `lags + 32` values of the envelope are readable and as many of `products` writable.
  public let autocorrelations: Autocorrelations

  /// (out, peaks, bins, weights, rows, depth)
  public typealias DenseSums =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>,
      Int, Int
    ) -> Void
  /// (values, rows)
  public typealias NormalizeColumns = @Sendable (UnsafeMutablePointer<Float>, Int) -> Void
  /// (out, peaks, values, rows)
  public typealias CopyWithPeaks =
    @Sendable (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
  /// (out, outStride, values, bands, columns, state, rule)
  public typealias PCEN =
    @Sendable (
      UnsafeMutablePointer<Float>, Int, UnsafePointer<Float>, Int, Int, UnsafeMutablePointer<Float>, PCENRule
    ) -> Void
  /// (valley, peak, bins, count, taken, scratch)
  public typealias Extremes =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int,
      UnsafeMutablePointer<Float>
    ) -> Void
  /// (out, levels, rowStride, bands)
  public typealias Rises = @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int) -> Void
  /// (out, products, envelope, weights, lags)
  public typealias Autocorrelations =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>,
      Int
    ) -> Void

  /// Collects the loops of one level.
  public init(
    denseSums: @escaping DenseSums, normalizeColumns: @escaping NormalizeColumns,
    copyWithPeaks: @escaping CopyWithPeaks, pcen: @escaping PCEN, extremes: @escaping Extremes,
    rises: @escaping Rises, autocorrelations: @escaping Autocorrelations
  ) {
    self.denseSums = denseSums
    self.normalizeColumns = normalizeColumns
    self.copyWithPeaks = copyWithPeaks
    self.pcen = pcen
    self.extremes = extremes
    self.rises = rises
    self.autocorrelations = autocorrelations
  }
}
