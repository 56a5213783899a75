import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// Mel bands, each divided by its own smoothed past and compressed.
///
/// `librosa.pcen` of mel magnitudes, compared in `ExtractorOracleTests`. The smoother runs over the whole clip, however it
/// is cut into blocks, and starts as if the value 1 had stood before the clip (librosa's default `zi`).
struct PCENRecipe: SpectrumRecipe {
  static let entry = spectrumEntry(
    name: "pcen", summary: "mel bands with per-channel energy normalisation",
    fields: FeatureExtractorEntry.melFields + ["pcen."]
  ) { spec in
    _ = try settings(of: spec)
    return MapShape(bands: spec.bands)
  }

  private let spec: FeatureSpec
  private let settings: FeatureSpec.PCEN
  private let kernels: KernelTable
  private let filterbank: MelFilterbank
  /// `[16, 16]` and `[16]`, as `PCENRule` has them.
  private let smoothing: [Float]
  private let decay: [Float]

  init(spec: FeatureSpec, kernels: FeatureKernels) throws {
    self.spec = spec
    settings = try Self.settings(of: spec)
    self.kernels = try Kernels.table()
    filterbank = MelFilterbank(spec: spec)
    let width = FeatureKernels.framesPerGroup
    let share = Self.newShare(of: spec, settings)
    smoothing = (0..<width * width).map { index in
      let age = index % width - index / width
      return age < 0 ? 0 : Float(share * pow(1 - share, Double(age)))
    }
    decay = (0..<width).map { Float(pow(1 - share, Double($0 + 1))) }
  }

  var shape: MapShape { MapShape(bands: spec.bands) }
  var firstBin: Int { filterbank.firstBin }
  var binCount: Int { filterbank.binCount }
  var keptRows: Int { spec.bands }

  /// The smoother takes a product with each frame of its group.
  static func multiplyAccumulates(of spec: FeatureSpec) -> Int {
    MelFilterbank(spec: spec).weightCount + spec.bands * FeatureKernels.framesPerGroup
  }

  var meaning: (bands: MapAxes.Bands, valueName: String, valueUnit: String) {
    let edges = spec.melScale.edges(
      fromHz: Double(spec.minimumHz), toHz: Double(spec.maximumHz), count: spec.bands + 2)
    return (.frequency(centresHz: edges.dropFirst().dropLast().map { Float($0) }), "PCEN", "")
  }

  func reduce(
    _ bins: UnsafePointer<Float>, kept: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>
  ) {
    filterbank.withTable { kernels.features.bandSums(kept, peaks, bins, $0) }
  }

  func finish(_ clip: KeptFrames, into writer: inout MapWriter) throws {
    let state = AlignedBuffer(count: spec.bands)
    state.mutable.update(repeating: 1)
    try smoothing.withUnsafeBufferPointer { smoothing in
      try decay.withUnsafeBufferPointer { decay in
        guard let smoothing = smoothing.baseAddress, let decay = decay.baseAddress else { return }
        let rule = PCENRule(
          smoothing: smoothing, decay: decay, scale: settings.scale * clip.valueScale,
          epsilon: settings.epsilon, gain: settings.gain, inverseBias: 1 / settings.bias,
          power: settings.power, outputScale: pow(settings.bias, settings.power))
        try clip.forEachGroup { group, columns in
          try writer.columns(columns) { target, rowStride in
            kernels.extractors.pcen(target, rowStride, group, spec.bands, columns, state.pointer, rule)
          }
        }
      }
    }
  }

  static func settings(of spec: FeatureSpec) throws -> FeatureSpec.PCEN {
    let settings = try spec.required(\.pcen, "pcen")
    try spec.check("pcen.gain", settings.gain, in: 0...1)
    try spec.check("pcen.bias", settings.bias, in: 1e-6...1e6)
    try spec.check("pcen.power", settings.power, in: 1e-3...1)
    try spec.check("pcen.timeConstantSeconds", settings.timeConstantSeconds, in: 1e-4...3600)
    try spec.check("pcen.epsilon", settings.epsilon, in: 1e-12...1e6)
    try spec.check("pcen.scale", settings.scale, in: 1e-12...1e12)
    return settings
  }

  /// The same for a spec.
  static func newShare(of spec: FeatureSpec, _ settings: FeatureSpec.PCEN) -> Double {
    newShare(
      frames: Double(settings.timeConstantSeconds) * Double(spec.sampleRateHz) / Double(spec.hopLength))
  }

  /// How much of a new value goes into the smoothed one, from the time constant in frames:
  /// (√(1 + 4T²) - 1) / 2T² (librosa; half of the squared response lies below the cut-off).
  static func newShare(frames: Double) -> Double {
    // The same without a difference of two like numbers, for long times.
    2 / ((1 + 4 * frames * frames).squareRoot() + 1)
  }
}
