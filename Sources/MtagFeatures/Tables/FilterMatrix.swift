/// Band filters as a full matrix `[bands, binCount]`, trimmed to the bins that any band uses: an extractor's arithmetic for
/// those who write it down in another language, such as ONNX.
package struct FilterMatrix: Sendable, Hashable {
  /// Rows.
  package let bands: Int
  /// The first bin of the transform that any band uses.
  package let firstBin: Int
  /// How many bins there are from there to the last in use; at least 1.
  package let binCount: Int
  /// Row-major.
  package let weights: [Float]

  /// The filters that a spec's extractor puts over its spectra.
  /// - Returns: nil if it uses no filters.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package init?(spec: FeatureSpec) throws {
    switch spec.extractor {
    case "mel", "mfcc", "pcen", "tempogram":
      let bank = MelFilterbank(spec: spec)
      self.init(bands: bank.bands, firstBin: bank.firstBin, binCount: bank.binCount) {
        bank.row($0, bins: bank.firstBin + bank.binCount)
      }
    case "stft-log":
      let bank = try LogFilterbank(spec: spec).bank
      self.init(bands: bank.bands, firstBin: bank.firstBin, binCount: bank.binCount) {
        bank.row($0, bins: bank.firstBin + bank.binCount)
      }
    case "chroma":
      self.init(ChromaRecipe.bank(spec, try ChromaRecipe.settings(of: spec)))
    case "gammatone":
      try DenseBank.check(spec)
      self.init(GammatoneRecipe.bank(spec, GammatoneRecipe.filters(spec)))
    default: return nil
    }
  }

  private init(_ bank: DenseBank) {
    self.init(bands: bank.rows, firstBin: 0, binCount: bank.depth) { bank.row($0) }
  }

  private init(bands: Int, firstBin: Int, binCount: Int, _ row: (Int) -> [Float]) {
    self.bands = bands
    self.firstBin = firstBin
    self.binCount = binCount
    weights = (0..<bands).flatMap { row($0)[firstBin..<(firstBin + binCount)] }
  }
}
