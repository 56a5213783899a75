import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// Mel-frequency cepstral coefficients: the cosine transform of the levels of mel bands, and if wanted their slopes over time.
///
/// `librosa.feature.mfcc` and `librosa.feature.delta`, compared in `ExtractorOracleTests`. Rows are the coefficients, then
/// their slopes, then their second derivatives.
struct CepstrumRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "mfcc", summary: "cepstral coefficients of mel levels, with or without their slopes over time",
    fields: FeatureExtractorEntry.melFields + FeatureExtractorEntry.levelFields + ["cepstrum."]
  ) { spec in
    let settings = try settings(of: spec)
    return MapShape(bands: settings.coefficients * (1 + settings.deltaOrder))
  }

  private let spec: FeatureSpec
  private let settings: FeatureSpec.Cepstrum
  private let kernels: KernelTable
  private let filterbank: MelFilterbank
  /// The cosines, liftered.
  private let transform: DenseBank

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    let settings = try Self.settings(of: spec)
    self.spec = spec
    self.settings = settings
    self.kernels = try Kernels.table()
    filterbank = MelFilterbank(spec: spec)
    transform = DenseBank(rows: settings.coefficients, depth: spec.bands) { row, band in
      Self.cosine(row, band, of: spec.bands, lifter: Double(settings.lifter))
    }
  }

  var shape: MapShape { MapShape(bands: settings.coefficients * (1 + settings.deltaOrder)) }
  var firstBin: Int { filterbank.firstBin }
  var binCount: Int { filterbank.binCount }
  var keptRows: Int { spec.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) throws -> Int {
    let settings = try settings(of: spec)
    let slopes = settings.coefficients * settings.deltaOrder * settings.deltaWidth
    return MelFilterbank(spec: spec).weightCount + spec.bands * settings.coefficients + slopes
  }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let name = "coefficient"
    guard settings.deltaOrder > 0 else { return (.index(name: name, first: 0), "cepstral coefficient", "") }
    let groups = (0...settings.deltaOrder).map {
      MapAxes.RowGroup(name: String(repeating: "Δ", count: $0) + "MFCC", rows: settings.coefficients)
    }
    return (.groups(name: name, groups), "cepstral coefficient", "")
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    filterbank.withTable { kernels.features.bandSums(kept, peaks, bins, $0) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    let (width, rule) = (FeatureKernels.framesPerGroup, clip.levelRule(spec))
    let levels = AlignedBuffer(count: spec.bands * width)
    let coefficients = AlignedBuffer(count: settings.coefficients * width)
    let largest = AlignedBuffer(count: width)
    var slopes = SlopeWriter(
      rows: settings.coefficients, order: settings.deltaOrder, width: settings.deltaWidth, frames: clip.frames
    )
    try clip.forEachGroup { group, columns in
      kernels.features.levels(levels.pointer, width, group, spec.bands, width, rule)
      transform.sums(
        coefficients.pointer, peaks: largest.pointer, bins: levels.pointer, kernels: kernels.extractors)
      if settings.deltaOrder == 0 {
        try writer.values(coefficients.pointer, rows: settings.coefficients, columns: columns)
      } else {
        try slopes.push(coefficients.pointer, columns: columns, into: &writer)
      }
    }
    if settings.deltaOrder > 0 { try slopes.finish(into: &writer) }
  }

  static func settings(of spec: FeatureSpec) throws -> FeatureSpec.Cepstrum {
    let settings = try spec.required(\.cepstrum, "cepstrum")
    try spec.check("cepstrum.coefficients", settings.coefficients, in: 1...min(spec.bands, 1024))
    try spec.check("cepstrum.lifter", settings.lifter, in: 0...1e6)
    try spec.check("cepstrum.deltaOrder", settings.deltaOrder, in: 0...2)
    try spec.check("cepstrum.deltaWidth", settings.deltaWidth, in: 3...99)
    guard !settings.deltaWidth.isMultiple(of: 2) else {
      throw spec.invalid("cepstrum.deltaWidth \(settings.deltaWidth) must be odd")
    }
    return settings
  }

  /// √(2 / bands) · cos(π row (2 band + 1) / (2 bands)), row 0 over √2: an orthonormal matrix.
  static func cosine(_ row: Int, _ band: Int, of bands: Int, lifter: Double) -> Float {
    let scale = ((row == 0 ? 1.0 : 2.0) / Double(bands)).squareRoot()
    let lift = lifter > 0 ? 1 + lifter / 2 * sin(.pi * Double(row + 1) / lifter) : 1
    return Float(lift * scale * cos(.pi * Double(row) * Double(2 * band + 1) / Double(2 * bands)))
  }
}
