import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// Autocorrelation of onset strength over some seconds around each frame: which tempi the clip has there.
///
/// `librosa.feature.tempogram`, compared in `ExtractorOracleTests`. Row `l` is the lag of `l` frames; each frame is over its lag 0.
/// Silence is zero.
struct TempogramRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "tempogram", summary: "local autocorrelation of onset strength",
    fields: FeatureExtractorEntry.melFields + FeatureExtractorEntry.levelFields + ["tempogram."]
  ) { MapShape(bands: try lags(of: $0)) }

  private let spec: FeatureSpec
  private let lags: Int
  private let kernels: KernelTable
  private let filterbank: MelFilterbank
  /// Hann's window times itself shifted by 0, by 1, …: `lags - l` values for lag `l`.
  private let weights: [Float]

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    let lags = try Self.lags(of: spec)
    self.spec = spec
    self.lags = lags
    self.kernels = try Kernels.table()
    filterbank = MelFilterbank(spec: spec)
    let window = (0..<lags).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(lags)) }
    weights = (0..<lags).flatMap { lag in (0..<lags - lag).map { Float(window[$0] * window[$0 + lag]) } }
  }

  var shape: MapShape { MapShape(bands: lags) }
  var firstBin: Int { filterbank.firstBin }
  var binCount: Int { filterbank.binCount }
  var keptRows: Int { spec.bands }

  static func multiplyAccumulates(of spec: FeatureSpec) throws -> Int {
    let lags = try lags(of: spec)
    return MelFilterbank(spec: spec).weightCount + lags * (lags + 1) / 2
  }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let framesPerMinute = 60 * Float(spec.sampleRateHz) / Float(spec.hopLength)
    let tempi = (0..<lags).map { framesPerMinute / Float($0) }
    return (.tempo(beatsPerMinute: tempi), "autocorrelation of onset strength", "")
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    filterbank.withTable { kernels.features.bandSums(kept, peaks, bins, $0) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    let (width, rule) = (FeatureKernels.framesPerGroup, clip.levelRule(spec))
    // Rows of 32: the last column of the group before stands right before this group's first.
    let rowStride = 2 * width
    let levels = AlignedBuffer(count: rowStride * spec.bands)
    let group = levels.pointer + width
    // No frame rises over what stands before the first.
    for band in 0..<spec.bands { (group + band * rowStride)[-1] = .infinity }
    var rises = [Float](repeating: 0, count: width)
    var onsets = OnsetWindow(lags: lags, frames: clip.frames, weights: weights, kernels: kernels.extractors)
    try onsets.append(zeros: delayFrames, into: &writer)
    var isFirst = true
    try clip.forEachGroup { values, columns in
      kernels.features.levels(group, rowStride, values, spec.bands, width, rule)
      rises.withUnsafeMutableBufferPointer { rises in
        if let out = rises.baseAddress { kernels.extractors.rises(out, group, rowStride, spec.bands) }
      }
      for band in 0..<spec.bands { (group + band * rowStride)[-1] = group[band * rowStride + width - 1] }
      try onsets.append(rises[(isFirst ? 1 : 0)..<columns], into: &writer)
      isFirst = false
    }
    try onsets.finish(into: &writer)
  }

  /// A rise belongs to the second of its two frames; librosa puts it where the centred transform's last sample lies.
  private var delayFrames: Int { Self.delayFrames(spec) }

  /// The same for a spec.
  static func delayFrames(_ spec: FeatureSpec) -> Int {
    1 + (spec.isCentered ? spec.fftSize / (2 * spec.hopLength) : 0)
  }

  static func lags(of spec: FeatureSpec) throws -> Int {
    let lags = try spec.required(\.tempogram, "tempogram").windowFrames
    try spec.check("tempogram.windowFrames", lags, in: 2...min(2048, 64 * spec.hopLength))
    return lags
  }
}
