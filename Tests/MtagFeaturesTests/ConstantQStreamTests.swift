import Foundation
import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// A clip's constant-Q map does not depend on how its samples arrive, nor on the clip before; short and silent clips have one.
@Suite struct ConstantQStreamTests {
  /// Specs whose streams differ in kind: many rates, early decimation, one rate, gaps between frames, small hop.
  static let specs: [FeatureSpec] = {
    var bass = FeaturePresets.hcqt
    bass.name = "bass"
    bass.bands = 24
    var oneRate = FeaturePresets.cqt
    oneRate.name = "one-rate"
    (oneRate.hopLength, oneRate.bands, oneRate.minimumHz) = (441, 30, 200)
    var gaps = FeaturePresets.vqt
    gaps.name = "gaps"
    (gaps.hopLength, gaps.bands, gaps.minimumHz) = (5000, 24, 2000)
    var small = FeaturePresets.cqt
    small.name = "small-hop"
    (small.hopLength, small.bands, small.minimumHz) = (24, 40, 300)
    return [FeaturePresets.cqt, FeaturePresets.hcqt, bass, oneRate, gaps, small]
  }()

  @Test("blocks of any length give the bytes of the whole", arguments: specs)
  func blocks(spec: FeatureSpec) throws {
    let samples = try FeatureConformanceTests.music()
    let extractor = try FeatureExtractors.make(spec)
    let whole = try extractor.extract(samples)
    for length in [1, 7, 511, 513, 8191, 8192, 8193, 30_011, 44_099] {
      #expect(
        try FeatureConformanceTests.stream(samples, extractor) { _ in length } == whole, "blocks of \(length)"
      )
    }
    var generator = RandomGenerator(seed: 12)
    for round in 0..<6 {
      let longest: UInt64 = round % 2 == 0 ? 20_000 : 900
      let cut = try FeatureConformanceTests.stream(samples, extractor) { _ in Int(generator.next() % longest)
      }
      #expect(cut == whole, "random blocks, round \(round)")
    }
  }

  @Test(
    "clips shorter than the filters have a map, and it is the same however they are cut", arguments: specs)
  func shortClips(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let samples = try FeatureConformanceTests.music()
    for count in [1, 2, 3, 63, 64, 65, 511, 512, 513, 3000] {
      let clip = Array(samples[5000..<(5000 + count)])
      let whole = try extractor.extract(clip)
      #expect(whole.frames == extractor.frameCount(samples: count))
      #expect(whole.values.allSatisfy { $0 <= 0 && $0 >= -80 } && whole.values.contains(0))
      #expect(try FeatureConformanceTests.stream(clip, extractor) { $0 == 0 ? count / 2 : count } == whole)
    }
  }

  @Test(
    "one extractor gives the same bytes for a clip whatever came before, and on eight threads",
    arguments: specs)
  func reuse(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let samples = try FeatureConformanceTests.music()
    let clips = (0..<16).map { Array(samples.dropFirst($0 * 2500)) }
    let alone = try clips.map { try FeatureExtractors.make(spec).extract($0) }
    #expect(try clips.map { try extractor.extract($0) } == alone)
    let together = ParallelExecutor(threads: 8).map(clips) { clip in Result { try extractor.extract(clip) } }
    #expect(try together.map { try $0.get() } == alone)
  }

  @Test("silence is 0 dB everywhere, as librosa has it", arguments: specs)
  func silence(spec: FeatureSpec) throws {
    let map = try FeatureExtractors.make(spec).extract([Float](repeating: 0, count: 9000))
    #expect(map.values.allSatisfy { $0 == 0 })
  }

  @Test("a tone stands in the band of its note, in every channel whose harmonic it is")
  func tones() throws {
    let extractor = try FeatureExtractors.make(FeaturePresets.hcqt)
    // a' = 440 Hz is band 45 of C1 = 32.7 Hz; harmonic h sees it 12 log2(h) bands lower.
    let samples = (0..<44_100).map { 0.5 * sin(2 * .pi * 440 * Float($0 % 2205) / 22_050) }
    let map = try extractor.extract(samples)
    for (channel, band) in [(0, 57), (1, 45), (2, 33), (3, 26), (4, 21), (5, 17)] {
      let column = (0..<72).map { map[$0, 40, channel] }
      #expect(column.firstIndex(of: column.max() ?? 0) == band, "channel \(channel)")
    }
    guard case .pitch(let notes) = extractor.axes.bands else { Issue.record("no pitches"); return }
    #expect(abs(notes[45] - 69) < 1e-3)
    #expect(
      extractor.axes.channelNames[0] == "harmonic 0.5" && extractor.axes.channelNames[5] == "harmonic 5")
  }

  @Test("linear levels are the magnitudes that the levels in dB are made from")
  func linearLevels() throws {
    let samples = try FeatureConformanceTests.music()
    for preset in [FeaturePresets.vqt, FeaturePresets.hcqt] {
      var spec = preset
      spec.level = .init(function: .linear, minimumValue: 0)
      let linear = try FeatureExtractors.make(spec).extract(samples).values
      let largest = linear.max() ?? 0
      // librosa's largest magnitude of this clip is 4.07 for vqt, 4.98 for cqt.
      #expect(largest > 4 && largest < 5.1)
      let levels = linear.map { max(20 * log10(max($0, 1e-5) / largest), -80) }
      expectClose(try FeatureExtractors.make(preset).extract(samples).values, levels, absolute: 2e-5)
    }
  }

  @Test("unit norm makes the map independent of loudness; power is twice the level of magnitude")
  func variants() throws {
    let samples = try FeatureConformanceTests.music()
    var spec = FeaturePresets.cqt
    spec.waveformNormalization = .unitNorm
    let quiet = try FeatureExtractors.make(spec).extract(samples.map { $0 / 1024 })
    expectClose(quiet.values, try FeatureExtractors.make(spec).extract(samples).values, absolute: 1e-5)
    // The largest stays 0 dB and a power in dB is the magnitude's level: 10 log10 p = 20 log10 m.
    spec = FeaturePresets.cqt
    spec.magnitudeExponent = 2
    spec.level.minimumValue = 1e-10
    let power = try FeatureExtractors.make(spec).extract(samples)
    expectClose(
      power.values, try FeatureExtractors.make(FeaturePresets.cqt).extract(samples).values, absolute: 2e-5)
  }
}
