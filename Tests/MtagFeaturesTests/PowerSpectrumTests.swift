import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

@Suite struct PowerSpectrumTests {
  @Test("stft-power is torchaudio's power spectrum, within 1e-6 of its largest value")
  func torchaudio() throws {
    let fixture = try Fixture.load("features/stft-power")
    let count = try #require(fixture.json["samples"] as? Int)
    let map = try FeatureExtractors.make(FeaturePresets.stftPower)
      .extract(Array(fixture.values.prefix(count)))
    #expect(map.bands == fixture.json["bands"] as? Int && map.frames == fixture.json["frames"] as? Int)
    let expected = fixture.values.dropFirst(count)
    let observed = (0..<map.bands).flatMap { band in (0..<map.frames).map { map[band, $0] } }
    #expect(observed.count == expected.count)
    let largest = expected.max() ?? 0
    let difference = zip(observed, expected).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference <= 1e-6 * largest, "\(difference) of \(largest)")
  }
}
