import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// A clip's map does not depend on how its samples arrive, and what is no sound is refused.
@Suite struct MelStreamTests {
  /// Specs whose framing differs in kind: overlapping, reflected, with a short window, with gaps between frames.
  static let specs: [FeatureSpec] = {
    var reflected = FeaturePresets.melspecPeak
    reflected.name = "reflected"
    reflected.padding = .reflect
    (reflected.fftSize, reflected.windowLength, reflected.hopLength) = (1024, 801, 320)
    var gaps = FeaturePresets.melspec
    gaps.name = "gaps"
    gaps.isCentered = false
    (gaps.fftSize, gaps.windowLength, gaps.hopLength, gaps.bands) = (256, 256, 700, 20)
    var wideGaps = gaps
    wideGaps.name = "wide-gaps"
    wideGaps.hopLength = 256
    wideGaps.isCentered = true
    return [FeaturePresets.melspec, FeaturePresets.melspecPeak, reflected, gaps, wideGaps]
  }()

  /// The presets whose loudest value is 0 dB.
  static let levelledToMaximum = [FeaturePresets.melspec, FeaturePresets.melspecPeak]

  static func music() throws -> [Float] { try Fixture.load("features/music").values }

  static func extract(_ samples: [Float], _ spec: FeatureSpec, cuts: (Int) -> Int) throws -> FeatureMap {
    let stream = try FeatureExtractors.make(spec).makeStream()
    var (start, index) = (0, 0)
    while start < samples.count {
      let end = min(samples.count, start + cuts(index))
      try samples[start..<end].withUnsafeBufferPointer { try stream.push($0) }
      (start, index) = (end, index + 1)
    }
    return try stream.finish()
  }

  @Test("blocks of any length give the bytes of the whole", arguments: specs)
  func blocks(spec: FeatureSpec) throws {
    let samples = try Self.music()
    let whole = try FeatureExtractors.make(spec).extract(samples)
    for length in [1, 7, 16, 511, 512, 513, 2048, 4096, 9727, 9728, 9729, 30_000, 44_099] {
      #expect(try Self.extract(samples, spec) { _ in length } == whole, "blocks of \(length)")
    }
    var generator = RandomGenerator(seed: 11)
    for round in 0..<20 {
      let cut = try Self.extract(samples, spec) { _ in Int(generator.next() % (round % 2 == 0 ? 40_000 : 900))
      }
      #expect(cut == whole, "random blocks, round \(round)")
    }
  }

  @Test("short clips cut anywhere give the bytes of the whole", arguments: specs)
  func shortClips(spec: FeatureSpec) throws {
    let samples = Array(try Self.music()[5000..<5600])
    for count in [256, 257, 511, 512, 513, 600] {
      let clip = Array(samples.prefix(count))
      let whole = try FeatureExtractors.make(spec).extract(clip)
      for cut in [1, 100, count - 1] {
        #expect(try Self.extract(clip, spec) { $0 == 0 ? cut : count } == whole, "\(count) cut at \(cut)")
      }
    }
  }

  @Test("eight threads at once give the bytes of one")
  func threads() throws {
    let extractor = try FeatureExtractors.make(FeaturePresets.melspec)
    let samples = try Self.music()
    let clips = (0..<32).map { Array(samples.dropFirst($0 * 100)) }
    let alone = try clips.map { try extractor.extract($0) }
    let together = ParallelExecutor(threads: 8).map(clips) { clip in Result { try extractor.extract(clip) } }
    #expect(try together.map { try $0.get() } == alone)
  }

  @Test("many threads may make and drop extractors of many sizes at once")
  func planning() throws {
    let counts = ParallelExecutor(threads: 8).map(Array(0..<64)) { index in
      Result {
        var spec = FeaturePresets.melspec
        (spec.fftSize, spec.windowLength, spec.bands) = (300 + index, 300, 10)
        return try FeatureExtractors.make(spec).extract([Float](repeating: 0.5, count: 2000)).frames
      }
    }
    #expect(try counts.map { try $0.get() } == (0..<64).map { _ in 4 })
  }

  @Test("two extractors of one spec give the same bytes", arguments: specs)
  func determinism(spec: FeatureSpec) throws {
    let samples = try Self.music()
    #expect(
      try FeatureExtractors.make(spec).extract(samples) == FeatureExtractors.make(spec).extract(samples))
  }

  @Test(
    "silence is 0 dB everywhere, as librosa has it",
    arguments: [FeaturePresets.melspec, FeaturePresets.melspecPeak])
  func silence(spec: FeatureSpec) throws {
    let map = try FeatureExtractors.make(spec).extract([Float](repeating: 0, count: 5000))
    #expect(map.frames == 10)
    #expect(map.values.allSatisfy { $0 == 0 })
  }

  @Test("one sample is a clip of one frame", arguments: [FeaturePresets.melspec, FeaturePresets.melspecPeak])
  func oneSample(spec: FeatureSpec) throws {
    let map = try FeatureExtractors.make(spec).extract([0.5])
    #expect((map.bands, map.frames) == (128, 1))
    #expect(map.values.max() == 0 && map.values.allSatisfy { $0 >= -80 })
  }

  @Test("an empty clip is refused", arguments: specs)
  func empty(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let error = #expect(throws: MtagError.self) { try extractor.extract([]) }
    #expect(error?.kind == .badData)
    #expect(extractor.frameCount(samples: 0) == 0)
  }

  @Test("a clip shorter than a transform that is not centred is refused with its length")
  func tooShort() throws {
    let extractor = try FeatureExtractors.make(Self.specs[3])
    #expect(extractor.frameCount(samples: 255) == 0)
    let error = #expect(throws: MtagError.self) { try extractor.extract([Float](repeating: 1, count: 255)) }
    #expect(error?.message.contains("255 samples") == true)
    #expect(try extractor.extract([Float](repeating: 1, count: 256)).frames == 1)
  }

  @Test(
    "NaN, infinity and absurd samples are refused, naming the sample",
    arguments: [.nan, .infinity, -.infinity, 3e12])
  func notFinite(value: Float) throws {
    for place in [0, 1, 4999, 12_345] {
      var samples = [Float](repeating: 0.1, count: 12_346)
      samples[place] = value
      let error = #expect(throws: MtagError.self) {
        try Self.extract(samples, FeaturePresets.melspec) { _ in 1000 }
      }
      #expect(error?.kind == .badData)
      #expect(error?.message.contains("sample \(place) ") == true)
    }
  }

  @Test(
    "the loudest and quietest allowed clips give finite levels",
    arguments: [FeaturePresets.melspec, FeaturePresets.melspecPeak])
  func extremes(spec: FeatureSpec) throws {
    for level: Float in [1e12, 1e-12, 1e-30, .leastNonzeroMagnitude] {
      let map = try FeatureExtractors.make(spec).extract((0..<5000).map { $0 % 3 == 0 ? level : -level / 2 })
      #expect(map.values.allSatisfy { $0 <= 0 && $0 >= -80 }, "level \(level)")
    }
  }

  @Test("melspec-peak does not depend on the clip's loudness")
  func loudness() throws {
    let samples = try Self.music()
    let extractor = try FeatureExtractors.make(FeaturePresets.melspecPeak)
    let quiet = try extractor.extract(samples.map { $0 / 1024 })
    #expect(expectClose(quiet.values, try extractor.extract(samples).values, absolute: 1e-5) <= 1e-5)
  }
}
