import Foundation
import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// Our maps beside librosa 0.11's and beside the formula in double precision (Tools/fixtures/cqt.py).
///
/// librosa's transform is far from its own formula, up to 0.03 of the clip's maximum for `cqt` and 0.07 for `vqt` (the
/// sidecars' `toolErrorLinear`): each octave's filters are cut to an odd number of samples at the octave's own rate, which for
/// filters of 97 to 183 samples moves their edges by up to a percent, and what a decimation rings beyond the clip's ends is cut
/// off; with all weights kept (`-exact`) it is as far. Ours does the same on purpose, so what is left between the two is single
/// precision: both transform in it, and soxr decimates in it. Measured: 1.1e-6 of the maximum (music-hcqt); in dB it grows as
/// levels fall, to 0.015 dB near the floor of -80 (sweep-cqt).
@Suite struct ConstantQOracleTests {
  static let cases = [
    "noise-cqt", "sweep-cqt", "silence-cqt", "impulse-cqt", "short-cqt", "one-sample-cqt", "music-cqt",
    "noise-vqt", "sweep-vqt", "short-vqt", "music-vqt", "noise-hcqt", "impulse-hcqt", "short-hcqt",
    "music-hcqt", "noise-cqt-exact", "music-cqt-exact", "impulse-cqt-36", "noise-cqt-odd-hop", "noise-vqt-5",
    "noise-cqt-low", "music-cqt-top",
  ]

  @Test("equals librosa within 1.5e-6 of the clip's maximum, and 0.02 dB down to the floor", arguments: cases)
  func librosa(name: String) throws {
    let expected = try Fixture.load("features/\(name)")
    let map = try extract(expected)
    #expect([map.bands, map.frames, map.channels] == expected.shape)
    expectClose(linear(map.values), linear(expected.values), absolute: 1.5e-6)
    expectClose(map.values, expected.values, absolute: 0.02)
  }

  @Test("one octave from C1, decimated by 64 at once: as librosa but for the first frames")
  func bass() throws {
    let expected = try Fixture.load("features/music-cqt-bass")
    expectClose(try linear(extract(expected).values), linear(expected.values), absolute: 3e-3)
  }

  @Test(
    "is as far from the formula as librosa, and not farther",
    arguments: ["noise-cqt", "music-cqt", "noise-vqt", "music-vqt"])
  func formula(name: String) throws {
    let formula = try Fixture.load("features/\(name)-formula")
    let librosa = try Fixture.load("features/\(name)")
    let map = try extract(formula)
    let ours = zip(linear(map.values), linear(formula.values)).map { abs($0 - $1) }.max() ?? .infinity
    let theirs = librosa.json["toolErrorLinear"] as? Double ?? 0
    #expect(Double(ours) <= theirs + 3e-6)
    #expect(theirs < 0.08)
  }

  @Test("the presets are the specs of librosa's vectors", arguments: [("cqt", 0), ("vqt", 1), ("hcqt", 2)])
  func presets(name: String, index: Int) throws {
    let preset = [FeaturePresets.cqt, FeaturePresets.vqt, FeaturePresets.hcqt][index]
    let spec = try FeatureSpec(constantQ: Fixture.load("features/noise-\(name)"))
    #expect(preset.differences(from: spec) == [])
  }

  private func extract(_ expected: Fixture) throws -> FeatureMap {
    let input = try Fixture.load("features/\(expected.json["input"] as? String ?? "")")
    let extractor = try FeatureExtractors.make(FeatureSpec(constantQ: expected))
    let map = try extractor.extract(input.values)
    #expect(extractor.shape == MapShape(bands: map.bands, channels: map.channels))
    #expect(extractor.frameCount(samples: input.values.count) == map.frames)
    return map
  }

  private func linear(_ levels: [Float]) -> [Float] { levels.map { Float(pow(10, Double($0) / 20)) } }
}

extension FeatureSpec {
  /// The spec that a constant-Q fixture was made with.
  init(constantQ fixture: Fixture) throws {
    var spec = FeaturePresets.cqt
    spec.name = "fixture"
    let fields = fixture.group("spec")
    func number(_ field: String) -> Double { fields[field] as? Double ?? -1 }
    spec.sampleRateHz = Int(number("sampleRateHz"))
    spec.hopLength = Int(number("hopLength"))
    spec.minimumHz = Float(number("minimumHz"))
    spec.bands = Int(number("bands"))
    spec.constantQ?.bandsPerOctave = Int(number("bandsPerOctave"))
    spec.constantQ?.gammaHz = Float(number("gammaHz"))
    spec.constantQ?.filterScale = Float(number("filterScale"))
    spec.constantQ?.sparsity = Float(number("sparsity"))
    spec.constantQ?.harmonics = (fields["harmonics"] as? [Double] ?? []).map { Float($0) }
    self = spec
  }
}
