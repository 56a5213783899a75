/// Hot loops of the constant-Q transforms: complex band filters over the spectra of 16 frames side by side.
public struct ConstantQKernels: Sendable {
  /// Turns 16 complex spectra so that frames stand side by side: `spectra` is `[16, rowStride / 2]` complex, `out` is
  /// `[binCount, 2, 16]`, real parts before imaginary ones. Up to three bins past the last are read and written, so both
  /// buffers hold a multiple of four bins.
  public let turnSpectra: TurnSpectra
  /// Squared magnitudes (or magnitudes) of complex weighted sums over bins: `bins` is `[bins, 2, 16]`, the table's weights
  /// are complex (real and imaginary part in turn, not conjugated), `out` is `[bands, 16]`; keeps the largest of each column in
  /// `peaks`.
  public let bandValues: BandValues

  /// (out, spectra, rowStride in floats, firstBin, binCount)
  public typealias TurnSpectra =
    @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int, Int) -> Void
  /// (out, peaks, bins, bank, takesRoot)
  public typealias BandValues =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, BandTable, Bool
    ) -> Void

  /// Collects the loops of one level.
  public init(turnSpectra: @escaping TurnSpectra, bandValues: @escaping BandValues) {
    self.turnSpectra = turnSpectra
    self.bandValues = bandValues
  }
}
