import Foundation
import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// What holds for single extractors; FeatureConformanceTests has what holds for all.
@Suite struct ExtractorBehaviourTests {
  static let rate = 22_050

  /// A sine at full scale.
  static func tone(_ hertz: Double, seconds: Double) -> [Float] {
    (0..<Int(seconds * Double(rate))).map { Float(sin(2 * .pi * hertz * Double($0) / Double(rate))) }
  }

  static func extract(_ samples: [Float], _ spec: FeatureSpec) throws -> FeatureMap {
    try FeatureExtractors.make(spec).extract(samples)
  }

  /// The row with the largest value in a frame.
  static func strongest(_ map: FeatureMap, frame: Int) -> Int {
    (0..<map.bands).max { map[$0, frame] < map[$1, frame] } ?? -1
  }

  @Test(
    "a tone is where the axis says",
    arguments: [FeaturePresets.stft, FeaturePresets.stftLog, FeaturePresets.gammatone])
  func frequencyAxes(spec: FeatureSpec) throws {
    guard case .frequency(let centres) = try FeatureExtractors.make(spec).axes.bands else {
      Issue.record("\(spec.name) has no frequency axis")
      return
    }
    for hertz: Float in [220, 1000, 4000] {
      let map = try Self.extract(Self.tone(Double(hertz), seconds: 0.5), spec)
      let row = Self.strongest(map, frame: 10)
      let nearest = centres.indices.min { abs(centres[$0] - hertz) < abs(centres[$1] - hertz) } ?? -1
      #expect(abs(row - nearest) <= 1, "\(hertz) Hz is in row \(row) at \(centres[row]) Hz")
    }
  }

  @Test("row 0 of chroma is C, and octaves fall together", arguments: [12, 24])
  func pitchClasses(bands: Int) throws {
    var spec = FeaturePresets.chroma
    spec.bands = bands
    for octave in [130.81, 261.63, 523.25, 1046.5] {
      for (semitone, ratio) in [(0, 1.0), (4, pow(2, 4 / 12.0)), (9, pow(2, 9 / 12.0))] {
        let map = try Self.extract(Self.tone(octave * ratio, seconds: 0.5), spec)
        #expect(Self.strongest(map, frame: 10) == semitone * bands / 12, "\(octave * ratio) Hz")
        #expect((0..<bands).map { map[$0, 10] }.max() == 1)
      }
    }
  }

  @Test("the strongest lag of a metronome is its beat")
  func tempo() throws {
    // 20 frames of 512 samples a beat: 129.2 beats a minute.
    var samples = [Float](repeating: 0, count: 12 * Self.rate)
    for beat in stride(from: 5000, to: samples.count, by: 20 * 512) { samples[beat] = 1 }
    let extractor = try FeatureExtractors.make(FeaturePresets.tempogram)
    let map = try extractor.extract(samples)
    let frame = map.frames / 2
    #expect(map[0, frame] == 1)
    #expect((5..<384).max { map[$0, frame] < map[$1, frame] } == 20)
    guard case .tempo(let tempi) = extractor.axes.bands else {
      Issue.record("no tempo axis")
      return
    }
    #expect(tempi[0] == .infinity && abs(tempi[20] - 129.2) < 0.1)
  }

  @Test("pcen forgets loudness: a steady tone gives the same levels loud and quiet")
  func loudness() throws {
    let tone = Self.tone(1000, seconds: 4)
    let (loud, quiet) = (
      try Self.extract(tone, FeaturePresets.pcen),
      try Self.extract(tone.map { $0 / 100 }, FeaturePresets.pcen)
    )
    let row = Self.strongest(loud, frame: 100)
    // The gain is 0.98, not 1: of a factor of 100, 100 to the power of 0.02 is left.
    #expect((1...1.0965).contains(loud[row, 150] / quiet[row, 150]))
  }

  @Test("slopes of a clip of fewer frames than the fit spans are those of the frames there are")
  func shortSlopes() throws {
    let samples = try Fixture.load("features/music").values
    for frames in 1...9 {
      let clip = Array(samples[6000...].prefix(512 * (frames - 1) + 1))
      let map = try Self.extract(clip, FeaturePresets.mfccDeltas)
      #expect((map.bands, map.frames) == (60, frames))
      #expect(map.values.prefix(20 * frames) == (try Self.extract(clip, FeaturePresets.mfcc)).values[...])
      guard frames == 3 || frames == 4 else { continue }
      // Of three frames: the line's slope is half the outer difference, the parabola's second derivative the second one.
      for row in 0..<20 {
        let (a, b, c) = (map[row, 0], map[row, 1], map[row, 2])
        expectClose([map[20 + row, 0], map[40 + row, 0]], [(c - a) / 2, a - 2 * b + c], absolute: 1e-3)
      }
    }
  }

  @Test("a waveform is its samples, scaled if asked for, and pre-emphasised if asked for")
  func waveform() throws {
    let samples = Array(try Fixture.load("features/music").values.prefix(20_003))
    var spec = FeaturePresets.waveform
    let map = try Self.extract(samples, spec)
    #expect((map.bands, map.frames) == (1, 20_003) && map.values == samples)
    spec.waveformNormalization = .unitNorm
    let energy = try Self.extract(samples, spec).values.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(energy - 1) < 1e-5)
    #expect(try Self.extract([0, 0, 0], spec).values == [0, 0, 0])
    spec.waveformNormalization = .none
    spec.preEmphasis = 0.5
    #expect(try Self.extract([1, 2, 3], spec).values == [1.5, 2])
    #expect(throws: MtagError.self) { try Self.extract([1], spec) }
  }

  @Test(
    "unit norm: the clip's loudness changes nothing",
    arguments: FeaturePresets.all.filter { $0.extractor != "waveform" })
  func unitNorm(spec: FeatureSpec) throws {
    var spec = spec
    spec.waveformNormalization = .unitNorm
    let samples = Array(try Fixture.load("features/music").values.prefix(30_000))
    let quiet = try Self.extract(samples.map { $0 / 1024 }, spec)
    expectClose(quiet.values, try Self.extract(samples, spec).values, absolute: 1e-5, relative: 1e-5)
  }

  /// Specs that no one can mean, and what the error must name.
  static let hostile: [(preset: FeatureSpec, text: String, change: @Sendable (inout FeatureSpec) -> Void)] = [
    (FeaturePresets.stft, "fftSize 65536 ", { $0.fftSize = 65_536 }),
    (FeaturePresets.stft, "fftSize 2048 ", { $0.hopLength = 1 }),
    (FeaturePresets.stftLog, "logFrequency.bandsPerOctave 0 ", { $0.logFrequency?.bandsPerOctave = 0 }),
    (
      FeaturePresets.stftLog, "logFrequency.bandsPerOctave 1000000 ",
      { $0.logFrequency?.bandsPerOctave = 1_000_000 }
    ),
    (FeaturePresets.stftLog, "minimumHz 0.0 ", { $0.minimumHz = 0 }),
    (FeaturePresets.stftLog, "make 0 bands", { ($0.minimumHz, $0.maximumHz) = (440, 441) }),
    (FeaturePresets.stftLog, "'logFrequency.…'", { $0.logFrequency = nil }),
    (FeaturePresets.mfcc, "cepstrum.coefficients 129 ", { $0.cepstrum?.coefficients = 129 }),
    (FeaturePresets.mfcc, "cepstrum.deltaOrder 3 ", { $0.cepstrum?.deltaOrder = 3 }),
    (FeaturePresets.mfcc, "cepstrum.deltaWidth 8 ", { $0.cepstrum?.deltaWidth = 8 }),
    (FeaturePresets.mfcc, "cepstrum.deltaWidth 1 ", { $0.cepstrum?.deltaWidth = 1 }),
    (FeaturePresets.mfcc, "cepstrum.lifter nan ", { $0.cepstrum?.lifter = .nan }),
    (FeaturePresets.mfcc, "'cepstrum.…'", { $0.cepstrum = nil }),
    (FeaturePresets.chroma, "bands 13 ", { $0.bands = 13 }),
    (FeaturePresets.chroma, "bands 4092 ", { ($0.bands, $0.fftSize) = (4092, 262_144) }),
    (FeaturePresets.chroma, "chroma.tuning inf ", { $0.chroma?.tuning = .infinity }),
    (FeaturePresets.pcen, "pcen.gain 2.0 ", { $0.pcen?.gain = 2 }),
    (FeaturePresets.pcen, "pcen.bias 0.0 ", { $0.pcen?.bias = 0 }),
    (FeaturePresets.pcen, "pcen.power 0.0 ", { $0.pcen?.power = 0 }),
    (FeaturePresets.pcen, "pcen.epsilon 0.0 ", { $0.pcen?.epsilon = 0 }),
    (FeaturePresets.pcen, "pcen.timeConstantSeconds -1.0 ", { $0.pcen?.timeConstantSeconds = -1 }),
    (FeaturePresets.gammatone, "bands 4096 ", { ($0.bands, $0.fftSize) = (4096, 262_144) }),
    (
      FeaturePresets.contrast, "bands 8 reach beyond 11025.0 Hz",
      {
        $0.bands = 8; $0.contrast?.lowestHz = 200
      }
    ),
    (FeaturePresets.contrast, "no bin of fftSize 64 ", { ($0.windowLength, $0.fftSize) = (64, 64) }),
    (FeaturePresets.contrast, "contrast.quantile 0.0 ", { $0.contrast?.quantile = 0 }),
    (FeaturePresets.contrast, "contrast.lowestHz nan ", { $0.contrast?.lowestHz = .nan }),
    (FeaturePresets.tempogram, "tempogram.windowFrames 100000 ", { $0.tempogram?.windowFrames = 100_000 }),
    (FeaturePresets.tempogram, "tempogram.windowFrames 1 ", { $0.tempogram?.windowFrames = 1 }),
    (
      FeaturePresets.waveform, "preEmphasisScope must be clip",
      { ($0.preEmphasis, $0.preEmphasisScope) = (0.5, .frame) }
    ),
  ]

  @Test("hostile values are refused by name, by the shape too", arguments: hostile.indices)
  func refusals(index: Int) {
    let (preset, text, change) = Self.hostile[index]
    var spec = preset
    change(&spec)
    for attempt in [{ _ = try FeatureExtractors.make(spec) }, { _ = try FeatureExtractors.shape(of: spec) }] {
      let error = #expect(throws: MtagError.self) { try attempt() }
      #expect(error?.kind == .usage)
      #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
    }
  }

  @Test("a field that an extractor does not read cannot be out of range for it")
  func unreadFields() throws {
    var spec = FeaturePresets.chroma
    spec.sampleRateHz = 16_000
    #expect(try FeatureExtractors.make(spec).shape.bands == 12)
    spec = FeaturePresets.waveform
    spec.sampleRateHz = 8000
    #expect(try FeatureExtractors.make(spec).shape.bands == 1)
  }
}
