import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// Every preset beside the program it is named after (Tools/fixtures/presets.py), clip by clip.
///
/// A vector's `toolError` is how far that program is from the same formula in double precision; the bounds below are how far
/// we are from it, so that a value may differ by the sum. Programs of single precision are off for two reasons: torchaudio and
/// Essentia compute their triangles in it (up to 1.4e-5 of the peak, which is 1e-3 dB where a bin only touches a triangle), and
/// so are their transforms. For ours the transform is what is left. Each bin carries a share of the loudest bin of its frame,
/// at most 1.4e-7, so the bounds grow with how far a band lies below it: in `music` up to 97 dB with no floor (sota-96 and
/// sota-128, 3.7e-3 dB from double precision), in noise 50 dB where a band has one bin and that bin a zero (openl3, 8e-5 dB).
/// Where a law adds something before the logarithm, that bounds the depth: 1e-6 to 4e-5. The bounds are some twice what was
/// measured, because FFTW rounds otherwise on another processor.
@Suite struct PresetOracleTests {
  /// A preset, and how far its values may be from double precision: on noise, a short clip, an impulse and silence, and on
  /// music.
  struct Bounds: Sendable {
    let preset: FeatureSpec
    let even: Float
    let music: Float
  }

  static let bounds = [
    Bounds(preset: FeaturePresets.librosaDefault, even: 1.5e-5, music: 1e-3),
    Bounds(preset: FeaturePresets.torchaudio, even: 8e-5, music: 2e-3),
    Bounds(preset: FeaturePresets.sota96, even: 2e-5, music: 8e-3),
    Bounds(preset: FeaturePresets.sota128, even: 3e-5, music: 8e-3),
    Bounds(preset: FeaturePresets.musicnn, even: 2e-6, music: 7e-6),
    Bounds(preset: FeaturePresets.essentiaMusicnn, even: 2e-6, music: 7e-6),
    Bounds(preset: FeaturePresets.kerasFCN, even: 2e-5, music: 6e-5),
    Bounds(preset: FeaturePresets.panns, even: 1e-5, music: 1e-3),
    Bounds(preset: FeaturePresets.vggish, even: 8e-7, music: 5e-5),
    Bounds(preset: FeaturePresets.yamnet, even: 8e-7, music: 7e-5),
    Bounds(preset: FeaturePresets.ast, even: 1.2e-5, music: 8e-5),
    Bounds(preset: FeaturePresets.efficientAT, even: 3.5e-5, music: 3e-5),
    Bounds(preset: FeaturePresets.openL3, even: 1.6e-4, music: 1.2e-3),
  ]

  @Test("every preset has its vectors, but for those that MelOracleTests has")
  func completeness() {
    let others = FeaturePresets.all.filter { $0.extractor == "mel" }.map(\.name)
    #expect(Set(Self.bounds.map(\.preset.name)) == Set(others).subtracting(["melspec", "melspec-peak"]))
  }

  @Test(
    "equals its original frame for frame", arguments: bounds.indices,
    ["noise", "short", "impulse", "silence", "music"])
  func original(index: Int, clip: String) throws {
    let bound = Self.bounds[index]
    let expected = try Fixture.load("features/preset-\(bound.preset.name)-\(clip)")
    try compare(expected, spec: bound.preset, ourError: clip == "music" ? bound.music : bound.even)
  }

  @Test("Povey's window, as Kaldi's defaults have it")
  func povey() throws {
    var spec = FeaturePresets.ast
    spec.window = .povey
    (spec.level.mean, spec.level.deviation) = (0, 1)
    try compare(Fixture.load("features/kaldi-povey-noise"), spec: spec, ourError: 1e-4)
  }

  /// musicnn rounds powers to half precision (relative 4.9e-4, so 2.1e-4 after log10) and then the logarithm (up to 1e-3 from 2
  /// to 4): together 1.2e-3, with nothing of ours in it.
  @Test("musicnn is within half precision's rounding of what musicnn 0.1.0 feeds its network")
  func halfPrecision() throws {
    let expected = try Fixture.load("features/preset-musicnn-float16-noise")
    try compare(expected, spec: FeaturePresets.musicnn, ourError: 2e-6)
  }

  private func compare(_ expected: Fixture, spec: FeatureSpec, ourError: Float) throws {
    let input = try Fixture.load("features/\(expected.json["input"] as? String ?? "")")
    let extractor = try FeatureExtractors.make(spec)
    let map = try extractor.extract(input.values)
    #expect([map.bands, map.frames] == expected.shape)
    #expect(extractor.frameCount(samples: input.values.count) == map.frames)
    let toolError = Float(try #require(expected.json["toolError"] as? Double))
    expectClose(map.values, expected.values, absolute: ourError + toolError)
  }
}
