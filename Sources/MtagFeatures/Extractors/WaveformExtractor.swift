import MtagCore
import MtagKernelTypes
import MtagKernels

/// The samples themselves: one band, a frame a sample. For networks that learn their own front end (SampleCNN).
struct WaveformExtractor: FeatureExtractor {
  static let entry = FeatureExtractorEntry(
    name: "waveform", summary: "the samples, for networks that learn their own front end", fields: [],
    shape: { spec in
      guard spec.preEmphasis == 0 || spec.preEmphasisScope == .clip else {
        throw spec.invalid(
          "a waveform has no frames: preEmphasisScope must be \(FeatureSpec.PreEmphasisScope.clip.rawValue)")
      }
      return MapShape(bands: 1)
    },
    frameCount: { spec in { Self.frameCount(spec, samples: $0) } }, multiplyAccumulates: { _ in 0 },
    make: { try WaveformExtractor(spec: $0) })

  let spec: FeatureSpec
  let shape: MapShape
  private let kernels: KernelTable

  private init(spec: FeatureSpec) throws {
    self.spec = spec
    shape = try FeatureExtractors.shape(of: spec)
    kernels = try Kernels.table()
  }

  var axes: MapAxes {
    MapAxes(
      bands: .amplitude, secondsPerFrame: 1 / Double(spec.sampleRateHz), firstFrameSeconds: 0, valueUnit: "",
      valueName: "amplitude")
  }

  let multiplyAccumulatesPerFrame = 0.0

  func frameCount(samples: Int) -> Int { Self.frameCount(spec, samples: samples) }

  /// Pre-emphasis takes a sample off.
  private static func frameCount(_ spec: FeatureSpec, samples: Int) -> Int {
    max(0, spec.emphasizesClip ? samples - 1 : samples)
  }

  func makeStream() -> any FeatureStream { WaveformStream(spec: spec, kernels: kernels.features) }
}
