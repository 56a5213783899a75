import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// The extractors other than mel beside librosa 0.11, madmom 0.17 and gammatone 1.0.3 (Tools/fixtures/extractors.py, which also
/// computes each in double precision and found the tools within 1.6e-5 dB of the formulas).
///
/// librosa transforms in double precision, we in single (but for contrast): each bin carries an error of up to 2e-7 of its
/// frame's loudest bin.
/// So values that stem from bins far below the loudest one differ; where that is more than a small tolerance can hold, the
/// script wrote beside the vector how far such an error moves each value (`-allowance`), and that much is allowed on top.
@Suite struct ExtractorOracleTests {
  @Test(
    "stft equals librosa within 5e-3 dB above the floor of 80 dB; without a floor, within single precision's noise",
    arguments: [
      ("short-stft", 1e-4), ("one-sample-stft", 1e-5), ("impulse-stft", 1e-5), ("music-stft", 5e-3),
      ("silence-stft-256", 0), ("sweep-stft-reflect", 1e-4),
    ] as [(String, Float)])
  func stft(name: String, toleranceDB: Float) throws { try compare(name, absolute: toleranceDB) }

  @Test(
    "stft-log equals librosa with madmom's bands within 2e-3 dB",
    arguments: [
      ("noise-stft-log", 5e-5), ("short-stft-log", 5e-5), ("one-sample-stft-log", 1e-5),
      ("silence-stft-log", 0), ("sweep-stft-log", 2e-3), ("music-stft-log", 2e-3),
      ("music-stft-log-12", 2e-3),
    ] as [(String, Float)])
  func stftLog(name: String, toleranceDB: Float) throws { try compare(name, absolute: toleranceDB) }

  /// Coefficient 0 is 11 times the mean level, up to 1131 for silence; the sum of 128 levels is rounded in single precision.
  @Test(
    "mfcc and its slopes equal librosa within 2e-6 of the largest coefficient, and 2e-3",
    arguments: [
      ("noise-mfcc", 1e-4), ("short-mfcc", 1e-4), ("one-sample-mfcc", 1e-4), ("silence-mfcc", 2e-3),
      ("impulse-mfcc", 2e-3), ("sweep-mfcc", 2e-3), ("music-mfcc", 1e-3), ("noise-mfcc-deltas", 1e-4),
      ("silence-mfcc-deltas", 2e-3), ("impulse-mfcc-deltas", 2e-3), ("music-mfcc-deltas", 1e-3),
      ("music-mfcc-lifted", 2e-3),
    ] as [(String, Float)])
  func mfcc(name: String, tolerance: Float) throws { try compare(name, absolute: tolerance) }

  @Test(
    "chroma equals librosa within 4e-6 of the strongest class, unscaled chroma within 4e-6 of the value",
    arguments: [
      ("noise-chroma", 4e-6, 0), ("short-chroma", 4e-6, 0), ("one-sample-chroma", 4e-6, 0),
      ("silence-chroma", 0, 0), ("impulse-chroma", 4e-6, 0), ("sweep-chroma", 4e-6, 0),
      ("music-chroma", 4e-6, 0), ("music-chroma-24", 0, 4e-6),
    ] as [(String, Float, Float)])
  func chroma(name: String, absolute: Float, relative: Float) throws {
    try compare(name, absolute: absolute, relative: relative)
  }

  @Test(
    "pcen equals librosa within 2e-5 of values up to 4; in bands without sound, within single precision's noise",
    arguments: [
      ("noise-pcen", 5e-6), ("short-pcen", 5e-6), ("one-sample-pcen", 5e-6), ("silence-pcen", 0),
      ("impulse-pcen", 5e-6), ("sweep-pcen", 1e-5), ("music-pcen", 2e-5), ("music-pcen-slow", 5e-6),
    ] as [(String, Float)])
  func pcen(name: String, tolerance: Float) throws { try compare(name, absolute: tolerance) }

  @Test(
    "gammatone equals the package of that name within 5e-3 dB",
    arguments: [
      ("noise-gammatone", 5e-5), ("short-gammatone", 5e-5), ("one-sample-gammatone", 5e-5),
      ("impulse-gammatone", 5e-5), ("sweep-gammatone", 5e-3), ("music-gammatone", 2e-4),
      ("music-gammatone-uncentred", 2e-4),
    ] as [(String, Float)])
  func gammatone(name: String, toleranceDB: Float) throws { try compare(name, absolute: toleranceDB) }

  @Test(
    "contrast equals librosa within 2e-5 dB, also in a resampler's stop band: both transform in double precision",
    arguments: [
      ("noise-contrast", 2e-5), ("short-contrast", 2e-5), ("one-sample-contrast", 2e-5),
      ("silence-contrast", 0), ("impulse-contrast", 2e-5), ("sweep-contrast", 2e-5),
      ("music-contrast", 2e-5), ("music-9500-contrast", 2e-5), ("noise-contrast-5", 2e-5),
    ] as [(String, Float)])
  func contrast(name: String, toleranceDB: Float) throws { try compare(name, absolute: toleranceDB) }

  @Test(
    "tempogram equals librosa within 5e-6 of lag 0",
    arguments: [
      ("noise-tempogram", 5e-6), ("short-tempogram", 0), ("one-sample-tempogram", 0),
      ("silence-tempogram", 0), ("music-tempogram", 5e-6), ("impulse-tempogram-odd", 5e-6),
      ("sweep-tempogram-odd", 5e-6),
    ] as [(String, Float)])
  func tempogram(name: String, tolerance: Float) throws { try compare(name, absolute: tolerance) }

  @Test(
    "the presets are the specs of the vectors",
    arguments: [
      "stft", "stft-log", "mfcc", "mfcc-deltas", "chroma", "pcen", "gammatone", "contrast", "tempogram",
    ])
  func presets(name: String) throws {
    let preset = try #require(FeaturePresets.all.first { $0.name == name })
    #expect(preset.differences(from: try ExtractorFixture("music-\(name)").spec) == [])
  }

  private func compare(_ name: String, absolute: Float, relative: Float = 0) throws {
    let fixture = try ExtractorFixture(name)
    let map = try fixture.observed()
    #expect([map.bands, map.frames] == fixture.expected.shape)
    #expect(try FeatureExtractors.shape(of: fixture.spec).bands == map.bands)
    var observed = map.values
    if fixture.hasAllowance {
      let allowance = try Fixture.load("features/\(name)-allowance").values
      // Moved towards the vector by what is allowed, at most all the way.
      for (index, expected) in fixture.expected.values.enumerated() {
        let difference = observed[index] - expected
        observed[index] -= min(abs(difference), allowance[index]) * (difference < 0 ? -1 : 1)
      }
    }
    expectClose(observed, fixture.expected.values, absolute: absolute, relative: relative)
  }
}
