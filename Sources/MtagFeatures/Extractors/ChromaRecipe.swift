import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// Pitch classes: how strong each class is over all octaves, each frame over its largest class.
///
/// `librosa.feature.chroma_stft` with a given tuning, compared in `ExtractorOracleTests`. Row 0 is C. Silence is zero.
struct ChromaRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "chroma", summary: "pitch classes of the spectrum", fields: ["bands", "chroma."]
  ) { spec in
    _ = try settings(of: spec)
    return MapShape(bands: spec.bands)
  }

  private let spec: FeatureSpec
  private let settings: FeatureSpec.Chroma
  private let kernels: ExtractorKernels
  private let bank: DenseBank

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    let settings = try Self.settings(of: spec)
    self.spec = spec
    self.settings = settings
    self.kernels = try Kernels.table().extractors
    bank = Self.bank(spec, settings)
  }

  var shape: MapShape { MapShape(bands: spec.bands) }
  var firstBin: Int { 0 }
  var binCount: Int { bank.depth }
  var keptRows: Int { spec.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) -> Int { spec.bands * (spec.fftSize / 2 + 1) }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let name = settings.norm == .maximum ? "share of the strongest class" : spec.spectrumName
    return (.pitchClass(count: spec.bands), name, "")
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    bank.sums(kept, peaks: peaks, bins: bins, kernels: kernels)
    if settings.norm == .maximum { kernels.normalizeColumns(kept, spec.bands) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    let scale = settings.norm == .maximum ? 1 : clip.valueScale
    try clip.forEachGroup { group, columns in
      try writer.columns(columns) { target, rowStride in
        for row in 0..<spec.bands {
          for column in 0..<columns {
            target[row * rowStride + column] = scale * group[row * FeatureKernels.framesPerGroup + column]
          }
        }
      }
    }
  }

  static func settings(of spec: FeatureSpec) throws -> FeatureSpec.Chroma {
    let settings = try spec.required(\.chroma, "chroma")
    guard spec.bands.isMultiple(of: 12) else {
      throw spec.invalid("bands \(spec.bands) must be a multiple of 12, so that row 0 is C")
    }
    try DenseBank.check(spec)
    try spec.check("chroma.tuning", settings.tuning, in: -1...1)
    try spec.check("chroma.centerOctave", settings.centerOctave, in: -20...20)
    try spec.check("chroma.octaveWidth", settings.octaveWidth, in: 0...100)
    return settings
  }

  /// `librosa.filters.chroma` (after Ellis): each bin is spread over the classes by a bell in log frequency that is as wide as
  /// the way to the next bin, but a class at least, with weights of unit Euclidean norm; a second bell weighs the octaves.
  static func bank(_ spec: FeatureSpec, _ settings: FeatureSpec.Chroma) -> DenseBank {
    let (classes, bins) = (Double(spec.bands), spec.fftSize / 2 + 1)
    // Where each bin lies, in classes above the lowest A that counts, 27.5 Hz.
    let lowestHz = 27.5 * exp2(Double(settings.tuning) / classes)
    let hertzPerBin = Double(spec.sampleRateHz) / Double(spec.fftSize)
    var positions = (0...bins).map { classes * log2(Double($0) * hertzPerBin / lowestHz) }
    // 0 Hz has no place: one and a half octaves below the first bin.
    positions[0] = positions[1] - 1.5 * classes
    let columns = (0..<bins).map { bin -> [Float] in
      let width = max(positions[bin + 1] - positions[bin], 1)
      let bells = (0..<spec.bands).map { row -> Double in
        // Row 0 is C, three semitones above A.
        let distance = positions[bin] - Double(row) - 3 * classes / 12
        let wrapped = distance - classes * (distance / classes).rounded()
        return exp(-2 * (wrapped / width) * (wrapped / width))
      }
      let norm = bells.reduce(0) { $0 + $1 * $1 }.squareRoot()
      let octaves = positions[bin] / classes - Double(settings.centerOctave)
      let spread = Double(settings.octaveWidth)
      let weight = spread > 0 ? exp(-0.5 * (octaves / spread) * (octaves / spread)) : 1
      return bells.map { Float($0 / norm * weight) }
    }
    return DenseBank(rows: spec.bands, depth: bins) { columns[$1][$0] }
  }
}
