import MtagCore
import MtagKernelTypes

/// Log-mel spectrograms: mel triangles over power or magnitude, then levels.
///
/// The largest difference to librosa 0.11 on the committed vectors is stated and tested in `MelOracleTests`.
struct MelRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "mel", summary: "mel bands of the spectrum, as levels",
    fields: FeatureExtractorEntry.melFields + FeatureExtractorEntry.levelFields
  ) { MapShape(bands: $0.bands) }

  private let spec: FeatureSpec
  private let kernels: FeatureKernels
  /// The triangles.
  let filterbank: MelFilterbank

  init(spec: FeatureSpec, kernels: FeatureKernels) {
    self.spec = spec
    self.kernels = kernels
    filterbank = MelFilterbank(spec: spec)
  }

  var shape: MapShape { MapShape(bands: spec.bands) }
  var firstBin: Int { filterbank.firstBin }
  var binCount: Int { filterbank.binCount }
  var keptRows: Int { spec.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) -> Int { MelFilterbank(spec: spec).weightCount }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let edges = spec.melScale.edges(
      fromHz: Double(spec.minimumHz), toHz: Double(spec.maximumHz), count: spec.bands + 2)
    let name = spec.magnitudeExponent == 2 ? "mel power" : "mel magnitude"
    return (.frequency(centresHz: edges.dropFirst().dropLast().map { Float($0) }), name, spec.level.unit)
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    filterbank.withTable { kernels.bandSums(kept, peaks, bins, $0) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    try writer.levels(of: clip, rows: spec.bands, rule: clip.levelRule(spec), kernels: kernels)
  }
}

extension MapWriter {
  /// Writes the levels of kept values, row by row: the end of every extractor whose kept values only need a logarithm.
  mutating func levels(of clip: KeptFrames, rows: Int, rule: LevelRule, kernels: FeatureKernels) throws {
    try clip.forEachGroup { group, columns in
      try self.columns(columns) { kernels.levels($0, $1, group, rows, columns, rule) }
    }
  }
}
