import MtagCore
import MtagKernelTypes
import MtagKernels

/// Octave-based spectral contrast: how far the strongest bins of each band lie above its weakest, in dB.
///
/// `librosa.feature.spectral_contrast`, compared in `ExtractorOracleTests`. Like librosa it takes 10 log10 of magnitudes, not 20,
/// and floors peaks and valleys 80 dB below the clip's largest peak and largest valley. Valleys may lie more than
/// 130 dB below the loudest bin of their frame, in the stop band of a resampler say, where a transform in single precision
/// has only its own rounding; so spectra are transformed in double precision, as librosa's are.
struct ContrastRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "contrast", summary: "peaks above valleys in octave bands, in dB", fields: ["bands", "contrast."]
  ) {
    MapShape(bands: try ContrastBands(spec: $0).bands.count)
  }

  static var transformsInDouble: Bool { true }

  private let spec: FeatureSpec
  private let kernels: KernelTable
  private let plan: ContrastBands

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    self.spec = spec
    self.kernels = try Kernels.table()
    plan = try ContrastBands(spec: spec)
  }

  var shape: MapShape { MapShape(bands: plan.bands.count) }
  var firstBin: Int { 0 }
  var binCount: Int { spec.fftSize / 2 + 1 }
  /// Valleys, then peaks.
  var keptRows: Int { 2 * plan.bands.count }
  var peakRows: Int { 2 }

  /// Each bin is compared about once.
  static func multiplyAccumulates(of spec: FeatureSpec) -> Int { spec.fftSize / 2 + 1 }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    (.frequencyRange(edgesHz: plan.edgesHz), "spectral contrast", "dB")
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    let (width, count) = (FeatureKernels.framesPerGroup, plan.bands.count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * width * plan.largestTaken) { scratch in
      guard let scratch = scratch.baseAddress else { return }
      for (index, band) in plan.bands.enumerated() {
        kernels.extractors.extremes(
          kept + index * width, kept + (count + index) * width, bins + band.firstBin * width, band.binCount,
          band.taken, scratch)
      }
    }
    for row in 0..<keptRows {
      for column in 0..<width {
        let place = row / count * width + column
        peaks[place] = max(peaks[place], kept[row * width + column])
      }
    }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    let (width, count) = (FeatureKernels.framesPerGroup, plan.bands.count)
    var rule = spec
    rule.magnitudeExponent = 2
    rule.level = .init(reference: .one, minimumValue: 1e-10, floorDB: 80)
    let (valleyRule, peakRule) = (clip.levelRule(rule, peak: 0), clip.levelRule(rule, peak: 1))
    let valleys = AlignedBuffer(count: count * width)
    try clip.forEachGroup { group, columns in
      kernels.features.levels(valleys.pointer, width, group, count, width, valleyRule)
      try writer.columns(columns) { target, rowStride in
        kernels.features.levels(target, rowStride, group + count * width, count, columns, peakRule)
        for band in 0..<count {
          for column in 0..<columns {
            target[band * rowStride + column] -= valleys.pointer[band * width + column]
          }
        }
      }
    }
  }
}
