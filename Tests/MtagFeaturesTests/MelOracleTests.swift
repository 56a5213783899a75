import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// Our maps beside librosa 0.11's and beside the study's formulas in double precision (Tools/fixtures/features.py).
///
/// Why the last digits differ. librosa windows and transforms in double precision and rounds the spectrum to single, so it
/// is within 1.4e-5 dB of the formula in double precision (the sidecars' `toolErrorDB`): that is the rounding of a level of
/// some 80 dB, and of sums of power, in single precision. Ours transforms in single precision: each bin carries an error of
/// some 7e-8 of the loudest bin of its frame, 1.4e-7 near half the rate, because the last step of a real transform takes
/// bin k and bin N/2 - k from the sum and the difference of the same two numbers. So the difference is largest where a band
/// lies far below another band of its frame: 4.0e-4 dB (sweep), 5.3e-4 dB (music at 8 kHz), 6.1e-4 dB (melspec-peak,
/// music). Where all bands are of like level (noise, impulse) only the rounding of levels is left, 6e-6 dB.
@Suite struct MelOracleTests {
  @Test(
    "equals librosa within 2e-3 dB above the floor, frame for frame",
    arguments: [
      ("noise-melspec", 1.5e-5), ("sweep-melspec", 2e-3), ("silence-melspec", 0), ("impulse-melspec", 1.5e-5),
      ("short-melspec", 1.5e-5), ("one-sample-melspec", 1.5e-5), ("music-melspec", 2e-3),
      ("music-8k-melspec", 2e-3), ("music-48k-melspec", 2e-3), ("music-reflect-htk", 2e-3),
      ("short-reflect", 1.5e-5), ("music-uncentred", 2e-3),
    ] as [(String, Float)])
  func librosa(name: String, toleranceDB: Float) throws {
    let expected = try Fixture.load("features/\(name)")
    try compare(expected, spec: FeatureSpec(fixture: expected), toleranceDB: toleranceDB)
  }

  @Test(
    "melspec-peak equals the study's formulas within 2e-3 dB",
    arguments: [
      ("noise", 1.5e-5), ("sweep", 2e-3), ("silence", 0), ("impulse", 1.5e-5), ("short", 1.5e-5),
      ("music", 2e-3),
    ] as [(String, Float)])
  func study(name: String, toleranceDB: Float) throws {
    let expected = try Fixture.load("features/\(name)-melspec-peak")
    try compare(expected, spec: FeaturePresets.melspecPeak, toleranceDB: toleranceDB)
  }

  @Test("the preset melspec is the spec of librosa's fixtures")
  func preset() throws {
    let spec = try FeatureSpec(fixture: Fixture.load("features/noise-melspec"))
    #expect(FeaturePresets.melspec.differences(from: spec) == [])
  }

  private func compare(_ expected: Fixture, spec: FeatureSpec, toleranceDB: Float) throws {
    let input = try Fixture.load("features/\(expected.json["input"] as? String ?? "")")
    let extractor = try FeatureExtractors.make(spec)
    let map = try extractor.extract(input.values)
    #expect([map.bands, map.frames] == expected.shape)
    #expect(extractor.bands == map.bands)
    #expect(extractor.frameCount(samples: input.values.count) == map.frames)
    expectClose(map.values, expected.values, absolute: toleranceDB)
  }
}
