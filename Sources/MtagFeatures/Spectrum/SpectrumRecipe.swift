import MtagCore
import MtagKernelTypes

/// What one extractor makes of spectra. Everything before (the waveform, frames, window, transform) is shared.
///
/// Work has two phases, so that memory stays bounded and quantities of the whole clip can be used: while sound comes in,
/// `reduce` turns each group of 16 spectra into a few values a frame, which are kept; when the clip has ended, `finish` goes
/// over what was kept, from left to right, and writes the map. Immutable after `init`, shared by threads.
protocol SpectrumRecipe: Sendable {
  /// The registry's entry.
  static var entry: FeatureExtractorEntry { get }
  /// Filters and tables of a spec.
  /// - Throws: `MtagError` (usage) if what only this extractor reads is out of range.
  init(spec: FeatureSpec, kernels: FeatureKernels) throws
  /// Bands and channels of the maps.
  var shape: MapShape { get }
  /// Whether spectra are transformed in double precision, because values below single precision's noise count. They are
  /// rounded to single either way.
  static var transformsInDouble: Bool { get }
  /// What the rows stand for, and the name and unit of the values.
  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) { get }
  /// The first bin of the transform that is read.
  var firstBin: Int { get }
  /// How many bins from there on, at least 1.
  var binCount: Int { get }
  /// Values of each frame that are kept until the clip has ended.
  var keptRows: Int { get }
  /// How many maxima over the clip are kept.
  var peakRows: Int { get }
  /// What a frame costs after its spectrum, in multiply-accumulates; counted, without a filter being kept.
  /// - Throws: `MtagError` (usage) if what only this extractor reads is out of range.
  static func multiplyAccumulates(of spec: FeatureSpec) throws -> Int
  /// Makes the kept values of 16 frames.
  /// - Parameters:
  ///   - bins: `[binCount, 16]`, power or magnitude as the spec says. Columns past the clip's last frame are zero.
  ///   - kept: `[keptRows, 16]`, to be written.
  ///   - peaks: `[peakRows, 16]`: the largest values so far, column by column, to be raised; zero at first.
  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>)
  /// Writes the map of a clip.
  /// - Throws: `MtagError` (inputOutput) if a temporary file fails.
  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws
}

extension SpectrumRecipe {
  static var transformsInDouble: Bool { false }
  var peakRows: Int { 1 }

  /// The entry of a spectrum-based extractor.
  static func spectrumEntry(
    name: String, summary: String, fields: [String],
    shape: @escaping @Sendable (FeatureSpec) throws -> MapShape
  ) -> FeatureExtractorEntry {
    FeatureExtractorEntry(
      name: name, summary: summary, fields: FeatureExtractorEntry.spectrumFields + fields, shape: shape,
      frameCount: { spec in
        let layout = FrameLayout(spec: spec)
        return { layout.frameCount(samples: $0) }
      }, multiplyAccumulates: { try SpectrumExtractor<Self>.multiplyAccumulatesPerFrame(of: $0) }
    ) { try SpectrumExtractor<Self>(spec: $0) }
  }
}
