import MtagCore
import MtagKernelTypes
import MtagKernels

/// Bands of a gammatone filter bank, equally spaced in ERB rate, as levels.
///
/// Every bin's magnitude (or power) times the filter's magnitude (or its square) there, summed: `fft_gtgram` of the PyPI
/// package `gammatone` (after Ellis), compared in `ExtractorOracleTests`.
struct GammatoneRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "gammatone", summary: "gammatone bands equally spaced in ERB rate, as levels",
    fields: ["bands", "minimumHz", "maximumHz"] + FeatureExtractorEntry.levelFields
  ) {
    try DenseBank.check($0)
    return MapShape(bands: $0.bands)
  }

  private let spec: FeatureSpec
  private let kernels: KernelTable
  private let filters: GammatoneFilters
  private let bank: DenseBank

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    try DenseBank.check(spec)
    self.spec = spec
    self.kernels = try Kernels.table()
    filters = Self.filters(spec)
    bank = Self.bank(spec, filters)
  }

  /// The filters of a spec.
  static func filters(_ spec: FeatureSpec) -> GammatoneFilters {
    GammatoneFilters(
      bands: spec.bands, minimumHz: Double(spec.minimumHz), maximumHz: Double(spec.maximumHz),
      sampleRateHz: Double(spec.sampleRateHz))
  }

  /// Their gains at the transform's bins.
  static func bank(_ spec: FeatureSpec, _ filters: GammatoneFilters) -> DenseBank {
    let size = Double(spec.fftSize)
    return DenseBank(rows: spec.bands, depth: spec.fftSize / 2 + 1) { band, bin in
      let weight = filters.response(band: band, radians: 2 * .pi * Double(bin) / size) / size
      return Float(spec.magnitudeExponent == 2 ? weight * weight : weight)
    }
  }

  var shape: MapShape { MapShape(bands: spec.bands) }
  var firstBin: Int { 0 }
  var binCount: Int { bank.depth }
  var keptRows: Int { spec.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) -> Int { spec.bands * (spec.fftSize / 2 + 1) }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let name = "gammatone \(spec.spectrumName)"
    return (.frequency(centresHz: filters.centresHz.map { Float($0) }), name, spec.level.unit)
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    bank.sums(kept, peaks: peaks, bins: bins, kernels: kernels.extractors)
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    try writer.levels(of: clip, rows: spec.bands, rule: clip.levelRule(spec), kernels: kernels.features)
  }
}
