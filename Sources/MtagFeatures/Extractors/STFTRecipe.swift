import MtagCore
import MtagKernelTypes
import MtagKernels

/// The spectrum itself: a row a bin of the transform, as levels.
///
/// `librosa.power_to_db(abs(librosa.stft(y))**2, ref=np.max)`, compared in `ExtractorOracleTests`.
struct STFTRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "stft", summary: "bins of the spectrum, as levels", fields: FeatureExtractorEntry.levelFields
  ) { spec in
    // A map of more rows would be another kind of data, and its blocks tens of megabytes.
    try spec.check("fftSize", spec.fftSize, in: 2...min(32_768, 128 * spec.hopLength))
    return MapShape(bands: spec.fftSize / 2 + 1)
  }

  private let spec: FeatureSpec
  private let kernels: KernelTable
  let shape: MapShape

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    self.spec = spec
    self.kernels = try Kernels.table()
    shape = try FeatureExtractors.shape(of: spec)
  }

  var firstBin: Int { 0 }
  var binCount: Int { shape.bands }
  var keptRows: Int { shape.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) -> Int { 0 }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let hertzPerBin = Double(spec.sampleRateHz) / Double(spec.fftSize)
    let centres = (0..<shape.bands).map { Float(Double($0) * hertzPerBin) }
    return (.frequency(centresHz: centres), spec.spectrumName, spec.level.unit)
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    kernels.extractors.copyWithPeaks(kept, peaks, bins, shape.bands)
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    try writer.levels(
      of: clip, rows: shape.bands, rule: clip.levelRule(spec), kernels: kernels.features)
  }
}

extension FeatureSpec {
  /// What the values of a spectrum are, for people.
  var spectrumName: String { magnitudeExponent == 2 ? "power" : "magnitude" }
}
