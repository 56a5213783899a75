import MtagCore
import MtagKernelTypes
import MtagKernels

/// A spectrum whose bands are equal steps of an octave, as levels.
///
/// The bands are those of madmom's `LogarithmicFilterbank`, compared in `ExtractorOracleTests`.
struct LogFrequencyRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "stft-log", summary: "spectrum with a logarithmic frequency axis, as levels",
    fields: ["minimumHz", "maximumHz", "logFrequency."] + FeatureExtractorEntry.levelFields
  ) { MapShape(bands: try LogFilterbank.centreBins(of: $0).count - 2) }

  private let spec: FeatureSpec
  private let kernels: FeatureKernels
  private let filterbank: LogFilterbank

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    self.spec = spec
    self.kernels = kernels
    filterbank = try LogFilterbank(spec: spec)
  }

  var shape: MapShape { MapShape(bands: filterbank.bank.bands) }
  var firstBin: Int { filterbank.bank.firstBin }
  var binCount: Int { filterbank.bank.binCount }
  var keptRows: Int { filterbank.bank.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) throws -> Int {
    try LogFilterbank(spec: spec).bank.weightCount
  }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    (.frequency(centresHz: filterbank.centresHz), spec.spectrumName, spec.level.unit)
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    filterbank.bank.withTable { kernels.bandSums(kept, peaks, bins, $0) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    try writer.levels(of: clip, rows: shape.bands, rule: clip.levelRule(spec), kernels: kernels)
  }
}
