import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// What every preset of the registry must do, whatever it computes. A new one is tested by being registered.
@Suite struct FeatureConformanceTests {
  /// Two seconds of struck chords at the preset's rate or near it: only the shape of the sound matters here.
  static func music() throws -> [Float] { try Fixture.load("features/music").values }

  static func stream(_ samples: [Float], _ extractor: any FeatureExtractor, cuts: (Int) -> Int) throws
    -> FeatureMap
  {
    let stream = try extractor.makeStream()
    var (start, index) = (0, 0)
    while start < samples.count {
      let end = min(samples.count, start + max(1, cuts(index)))
      try samples[start..<end].withUnsafeBufferPointer { try stream.push($0) }
      (start, index) = (end, index + 1)
    }
    return try stream.finish()
  }

  @Test("the map has the shape that was promised, for clips of any length", arguments: FeaturePresets.all)
  func shape(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    #expect(try FeatureExtractors.shape(of: spec) == extractor.shape)
    let samples = try Self.music()
    var last = 0
    for count in [1, 2, 100, 511, 512, 513, 1024, 2047, 5000, 16_000, 22_050, samples.count] {
      let clip = Array(samples[1000...].prefix(count))
      let frames = extractor.frameCount(samples: clip.count)
      #expect(frames >= last, "\(count) samples")
      last = frames
      guard frames > 0 else {
        let error = #expect(throws: MtagError.self) { try extractor.extract(clip) }
        #expect(error?.kind == .badData)
        continue
      }
      let map = try extractor.extract(clip)
      #expect(
        [map.bands, map.frames, map.channels] == [extractor.bands, frames, extractor.channels], "\(count)")
      #expect(map.values.allSatisfy { $0.isFinite }, "\(count) samples")
      let fewest = extractor.fewestSamples(frames: frames)
      #expect(
        extractor.frameCount(samples: fewest) >= frames && extractor.frameCount(samples: fewest - 1) < frames)
    }
  }

  @Test("the outline says of an extractor what it says itself", arguments: FeaturePresets.all)
  func outline(spec: FeatureSpec) throws {
    let (outline, extractor) = (try FeatureExtractors.outline(of: spec), try FeatureExtractors.make(spec))
    #expect(outline.shape == extractor.shape)
    #expect(try outline.multiplyAccumulatesPerFrame() == extractor.multiplyAccumulatesPerFrame)
    for samples in [0, 1, 400, 2047, 2048, 16_000, 22_051, 1_000_003] {
      #expect(outline.frameCount(samples: samples) == extractor.frameCount(samples: samples))
    }
    for frames in [0, 1, 2, 43] {
      #expect(outline.fewestSamples(frames: frames) == extractor.fewestSamples(frames: frames))
    }
  }

  @Test("blocks of any length give the bytes of the whole clip", arguments: FeaturePresets.all)
  func blocks(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let samples = Array(try Self.music().prefix(30_011))
    let whole = try extractor.extract(samples)
    for length in [1, 160, 511, 513, 4096, 9728, 30_010] {
      #expect(try Self.stream(samples, extractor) { _ in length } == whole, "blocks of \(length)")
    }
    var generator = RandomGenerator(seed: 11)
    for round in 0..<6 {
      let cut = try Self.stream(samples, extractor) { _ in
        Int(generator.next() % (round % 2 == 0 ? 20_000 : 900))
      }
      #expect(cut == whole, "random blocks, round \(round)")
    }
  }

  @Test("eight threads at once give the bytes of one", arguments: FeaturePresets.all)
  func threads(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let samples = try Self.music()
    let clips = (0..<8).map { Array(samples.dropFirst($0 * 100).prefix(20_000)) }
    let alone = try clips.map { try extractor.extract($0) }
    let together = ParallelExecutor(threads: 8).map(clips) { clip in Result { try extractor.extract(clip) } }
    #expect(try together.map { try $0.get() } == alone)
    #expect(try clips.map { try FeatureExtractors.make(spec).extract($0) } == alone)
  }

  @Test("silence, a click and clips of any loudness give numbers", arguments: FeaturePresets.all)
  func extremes(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    for level: Float in [0, 1e12, 1, 1e-12, 1e-30, .leastNonzeroMagnitude] {
      let clip = (0..<20_000).map { $0 % 3 == 0 ? level : -level / 2 }
      #expect(try extractor.extract(clip).values.allSatisfy { $0.isFinite }, "level \(level)")
    }
    var click = [Float](repeating: 0, count: 20_000)
    click[9000] = 1
    #expect(try extractor.extract(click).values.allSatisfy { $0.isFinite })
  }

  @Test(
    "an empty clip, NaN, infinity and absurd samples are refused, naming the sample",
    arguments: FeaturePresets.all)
  func refusals(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    #expect(extractor.frameCount(samples: 0) == 0)
    #expect(throws: MtagError.self) { try extractor.extract([]) }
    for value: Float in [.nan, .infinity, -.infinity, 3e12] {
      for place in [0, 12_345, 19_999] {
        var samples = [Float](repeating: 0.1, count: 20_000)
        samples[place] = value
        let error = #expect(throws: MtagError.self) { try Self.stream(samples, extractor) { _ in 1000 } }
        #expect(error?.kind == .badData && error?.message.contains("sample \(place) ") == true)
      }
    }
  }

  @Test("axes name every row and every channel, and time goes on", arguments: FeaturePresets.all)
  func axes(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let axes = extractor.axes
    #expect(axes.secondsPerFrame > 0 && axes.firstFrameSeconds >= 0)
    #expect(
      axes.channelNames.isEmpty ? extractor.channels == 1 : axes.channelNames.count == extractor.channels)
    switch axes.bands {
    case .frequency(let values), .pitch(let values):
      #expect(values.count == extractor.bands && zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    case .tempo(let values): #expect(values.count == extractor.bands)
    case .pitchClass(let count): #expect(count == extractor.bands)
    case .amplitude: #expect(extractor.bands == 1)
    case .frequencyRange(let edges):
      #expect(edges.count == extractor.bands + 1 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
    case .groups(let name, let groups):
      #expect(!name.isEmpty && groups.allSatisfy { !$0.name.isEmpty && $0.rows > 0 })
      #expect(groups.reduce(0) { $0 + $1.rows } == extractor.bands)
    case .index(let name, _): #expect(!name.isEmpty)
    }
  }

  @Test("every preset says in a line what it is, and what a frame of it costs", arguments: FeaturePresets.all)
  func described(spec: FeatureSpec) throws {
    let summary = FeaturePresets.summary(of: spec)
    #expect(!summary.isEmpty && summary != FeatureExtractors.summary(of: spec), "\(spec.name): \(summary)")
    let cost = try FeatureExtractors.make(spec).multiplyAccumulatesPerFrame
    #expect(spec.extractor == "waveform" ? cost == 0 : cost > Double(spec.hopLength), "\(spec.name): \(cost)")
  }

  @Test("a spec survives JSON, and no two presets have the same hash")
  func hashes() throws {
    #expect(Set(try FeaturePresets.all.map { try $0.sha256() }).count == FeaturePresets.all.count)
    #expect(Set(FeaturePresets.all.map(\.name)).count == FeaturePresets.all.count)
  }

  @Test(
    "a field that an extractor does not read changes neither hash nor values", arguments: FeaturePresets.all)
  func readsOnlyItsFields(spec: FeatureSpec) throws {
    var other = spec
    let names = Set(spec.fields.map(\.name))
    if !names.contains("melScale") { other.melScale = spec.melScale == .htk ? .slaney : .htk }
    if !names.contains("melNorm") { other.melNorm = spec.melNorm == .area ? .peak : .area }
    if !names.contains("triangleDomain") {
      other.triangleDomain = spec.triangleDomain == .mel ? .hertz : .mel
    }
    if !names.contains("level.gain") { other.level.gain = 3 }
    let hashes = (try other.sha256(), try spec.sha256())
    #expect(hashes.0 == hashes.1)
    let clip = Array(try Self.music().prefix(20_000))
    let maps = try [other, spec].map { try FeatureExtractors.make($0).extract(clip) }
    #expect(maps[0] == maps[1])
  }
}
