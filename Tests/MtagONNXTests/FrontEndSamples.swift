import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagONNX

/// Front ends to be written into graphs, with a small network behind each.
enum FrontEndSamples {
  /// Every preset that a graph can hold, and specs that turn what no preset does.
  static let writable: [FeatureSpec] =
    FeaturePresets.all.filter { $0.extractor != "constant-q" } + variants

  private static let variants: [FeatureSpec] = {
    func changed(_ spec: FeatureSpec, _ name: String, _ change: (inout FeatureSpec) -> Void) -> FeatureSpec {
      var copy = spec
      copy.name = name
      change(&copy)
      return copy
    }
    return [
      changed(FeaturePresets.waveform, "emphasized-waveform") {
        $0.preEmphasis = 0.9
        $0.waveformNormalization = .unitNorm
      },
      changed(FeaturePresets.sota96, "short-window-not-centred") {
        $0.isCentered = false
        $0.windowLength = 300
        $0.lastFrame = .covering
      },
      changed(FeaturePresets.panns, "reflected-covering") {
        $0.lastFrame = .covering
        $0.windowLength = 700
        $0.level.reference = .clipMaximum
      },
      changed(FeaturePresets.essentiaMusicnn, "povey-partial") {
        $0.window = .povey
        $0.lastFrame = .partial
        $0.level = .init(function: .linear, minimumValue: 0, gain: -2, offset: 1, mean: 0.5, deviation: 3)
      },
      changed(FeaturePresets.mfcc, "liftered") {
        $0.cepstrum?.lifter = 22
        $0.cepstrum?.deltaOrder = 1
        $0.cepstrum?.deltaWidth = 5
      },
      changed(FeaturePresets.chroma, "chroma-plain") {
        $0.chroma?.norm = .none
        $0.bands = 24
      },
      changed(FeaturePresets.tempogram, "tempogram-odd") { $0.tempogram?.windowFrames = 31 },
    ]
  }()

  /// The mean of all bands and frames, and a linear layer over them.
  static func model(_ spec: FeatureSpec) throws -> Model {
    let shape = try FeatureExtractors.shape(of: spec)
    var builder = GraphBuilder(name: "mean", inputBands: shape.bands, inputChannels: shape.channels)
    let mean = builder.reduce(builder.input, "mean", .mean, over: .frames)
    let rows = builder.append("rows", .flatten(.bandsIntoChannels), mean)
    _ = builder.linear(rows, "linear", features: 3)
    var model = try SampleModel.model(of: builder.finish())
    model.featureSpec = spec
    model.chunkFrames = 256
    return model
  }

  /// The ways in which a spec can be written.
  static func transforms(_ spec: FeatureSpec) throws -> [ONNXOptions.Transform?] {
    switch spec.extractor {
    case "waveform", "contrast": [nil]
    default: spec.removesFrameMean || spec.frameEmphasis != 0 ? [nil] : [nil, .stft]
    }
  }

  /// Two tones over noise 30 dB below them: all bands far above what single precision adds.
  static func sound(samples: Int, rateHz: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed, stream: 7)
    let step = 2 * Float.pi / Float(rateHz)
    let (low, high) = (step * random.uniform(100, 300), step * random.uniform(1000, 2000))
    return (0..<samples).map { index in
      0.3 * sin(low * Float(index)) + 0.2 * sin(high * Float(index)) + 0.05 * random.uniform(-1, 1)
    }
  }

  /// In the unit of the map.
  static func tolerance(_ spec: FeatureSpec) -> Float {
    switch spec.extractor {
    // Sums of levels.
    case "mfcc": 5e-3
    case "chroma" where spec.chroma?.norm == FeatureSpec.Chroma.Norm.none: 2e-2
    case "waveform": 1e-6
    case "tempogram", "chroma", "pcen": 2e-5
    default: 2e-3
    }
  }
}
