import Foundation
import MtagCore

/// Constant-Q and variable-Q transforms and harmonic stacks: mono samples of any number at the spec's rate → `[bands, frames,
/// harmonics]`, in the unit of the spec's level. Frame `t` is centred on sample `t · hopLength`; zeros stand outside the clip.
///
/// librosa 0.11's way: octave by octave, the clip halved in rate in between, each octave's filters applied to one transform a
/// frame. Its conventions are kept where they change values: filter lengths (rounded to odd numbers at the octave's own rate),
/// Hann's window, sum of magnitudes one, scaling by the square root of the length, early decimation, dropped small weights,
/// the decimation filter and its cut ends. So values are librosa's to 1e-6 of the clip's maximum (`ConstantQOracleTests`);
/// from the transform as its formula has it at the full rate both are some percent of the maximum away, because of the rounded
/// lengths. Magnitudes below 1e-19 of full scale count as zero.
struct ConstantQExtractor: FeatureExtractor {
  static let name = "constant-q"

  static let entry = FeatureExtractorEntry(
    name: name, summary: "constant-Q or variable-Q bands, as levels; a channel for each harmonic",
    fields: ["hopLength", "magnitudeExponent", "bands", "minimumHz", "constantQ."]
      + FeatureExtractorEntry.levelFields,
    shape: { MapShape(bands: $0.bands, channels: try ConstantQNumbers(spec: $0).harmonics.count) },
    frameCount: { spec in
      let layout = ConstantQLayout(try ConstantQNumbers(spec: spec))
      return { layout.frameCount(samples: $0) }
    },
    multiplyAccumulates: { spec in
      let numbers = try ConstantQNumbers(spec: spec)
      return numbers.multiplyAccumulatesPerFrame(ConstantQLayout(numbers))
    },
    make: { try ConstantQExtractor(spec: $0) })

  let spec: FeatureSpec
  let multiplyAccumulatesPerFrame: Double
  private let plan: ConstantQPlan

  /// - Throws: `MtagError` (usage) if a number is out of range, or a band passes half the sample rate.
  init(spec: FeatureSpec) throws {
    self.spec = spec
    plan = try ConstantQPlan(spec: spec)
    multiplyAccumulatesPerFrame = plan.numbers.multiplyAccumulatesPerFrame(plan.layout)
  }

  var shape: MapShape { MapShape(bands: plan.numbers.bands, channels: plan.numbers.harmonics.count) }

  var axes: MapAxes {
    let numbers = plan.numbers
    let notes = numbers.frequenciesHz(harmonic: 1).map { Float(69 + 12 * log2($0 / 440)) }
    let names = numbers.harmonics.map { "harmonic \($0 == $0.rounded() ? String(Int($0)) : String($0))" }
    return MapAxes(
      bands: .pitch(midiNotes: notes), secondsPerFrame: Double(spec.hopLength) / numbers.sampleRateHz,
      firstFrameSeconds: 0, valueUnit: spec.level.unit,
      valueName: spec.magnitudeExponent == 2 ? "constant-Q power" : "constant-Q magnitude",
      channelNames: names.count > 1 ? names : [])
  }

  func frameCount(samples: Int) -> Int { plan.layout.frameCount(samples: samples) }

  func makeStream() -> any FeatureStream { ConstantQStream(plan: plan) }
}
