extension FeatureSpec {
  /// The liftered cosines of `mfcc`, `[coefficients, bands]`, row-major.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package func cepstrumTable() throws -> (settings: Cepstrum, cosines: [Float]) {
    let settings = try CepstrumRecipe.settings(of: self)
    let cosines = (0..<settings.coefficients).flatMap { row in
      (0..<bands).map {
        CepstrumRecipe.cosine(row, $0, of: bands, lifter: Double(settings.lifter))
      }
    }
    return (settings, cosines)
  }

  /// The weights of the fit whose derivative of an order (1 or 2) `mfcc` gives, `[2 · reach + 1]`.
  package static func slopeWeights(order: Int, reach: Int) -> [Float] {
    SlopeWriter.weights(order: order, reach: reach)
  }

  /// The settings of `pcen`, and how much of a new value goes into the smoothed one.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package func pcenTable() throws -> (settings: PCEN, newShare: Double) {
    let settings = try PCENRecipe.settings(of: self)
    return (settings, PCENRecipe.newShare(of: self, settings))
  }

  /// The settings of `chroma`.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package func chromaSettings() throws -> Chroma { try ChromaRecipe.settings(of: self) }

  /// The lags of `tempogram`, and by how many frames its onsets come late.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package func tempogramTable() throws -> (lags: Int, delayFrames: Int) {
    (try TempogramRecipe.lags(of: self), TempogramRecipe.delayFrames(self))
  }
}
