import Foundation
import MtagAudio
import MtagCore
import MtagTestSupport
import MtagZoo
import Testing

/// What each difference between two specs is worth, on sound for which it is known.
@Suite struct FeatureDifferenceTests {
  /// A second of noise, so that every band holds something.
  static func noise(_ scratch: borrowing TemporaryFolder) throws -> String {
    var generator = RandomGenerator(seed: 5)
    let path = scratch.file("noise.wav")
    try SoundWriter.write(
      (0..<22_050).map { _ in generator.uniform(-0.5, 0.5) }, channels: 1, sampleRateHz: 22_050,
      as: .wavFloat,
      to: path)
    return path
  }

  @Test("steps cover all differences, largest first, and fields that need each other change together")
  func steps() throws {
    let scratch = try TemporaryFolder()
    let difference = try Zoo().featureDifference(
      "melspec", "melspec(sampleRateHz=16000,maximumHz=8000,hopLength=256,bands=96,level.reference=one)",
      clip: Self.noise(scratch))
    let fields = difference.steps.map { $0.fields.map(\.name) }
    #expect(fields.contains(["sampleRateHz", "maximumHz"]))
    #expect(
      Set(fields.flatMap { $0 }) == ["sampleRateHz", "maximumHz", "hopLength", "bands", "level.reference"])
    let sizes = difference.steps.map(\.distance.rmsDB)
    #expect(sizes == sizes.sorted(by: >) && sizes[0] > 0)
  }

  @Test("a reference is worth a gain and nothing else")
  func reference() throws {
    let scratch = try TemporaryFolder()
    let step = try #require(
      try Zoo().featureDifference("melspec", "melspec(level.reference=one)", clip: Self.noise(scratch)).steps
        .first)
    #expect(abs(step.distance.rmsDB - abs(step.distance.meanDB)) < 1e-3)
    #expect(step.distance.shapeDB < 1e-3 && abs(step.distance.meanDB) > 1)
  }

  @Test("the norm of triangles is worth what the formula says: 10 log10 of half their width in Hz")
  func norm() throws {
    let scratch = try TemporaryFolder()
    let clip = try Self.noise(scratch)
    // One band from 0 to 8000 Hz: area norm divides its power by 4000.
    let difference = try Zoo().featureDifference(
      "melspec(bands=1,maximumHz=8000,level.reference=one)",
      "melspec(bands=1,maximumHz=8000,level.reference=one,melNorm=peak)",
      clip: clip)
    #expect(abs(difference.total.meanDB - 10 * log10(4000)) < 1e-3)
  }

  @Test("coefficients are compared with coefficients and slopes with slopes, however many there are")
  func groups() throws {
    let scratch = try TemporaryFolder()
    let clip = try Self.noise(scratch)
    for (one, two) in [
      ("mfcc", "mfcc-deltas"), ("mfcc-deltas", "mfcc-deltas(cepstrum.coefficients=13)"),
      ("mfcc(cepstrum.coefficients=40)", "mfcc-deltas(cepstrum.coefficients=13)"),
    ] {
      let total = try Zoo().featureDifference(one, two, clip: clip).total
      #expect(total.largestDB < 1e-3, "\(one), \(two): \(total)")
    }
  }

  @Test("features of different extractors, or the same features, are refused")
  func refusals() throws {
    let scratch = try TemporaryFolder()
    let clip = try Self.noise(scratch)
    #expect(throws: MtagError.self) { try Zoo().featureDifference("melspec", "librosa", clip: clip) }
    #expect(throws: MtagError.self) { try Zoo().featureDifference("melspec", "gone", clip: clip) }
  }
}
