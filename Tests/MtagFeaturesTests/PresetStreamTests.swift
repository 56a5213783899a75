import Foundation
import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// What the conventions of the mel presets mean for frames and levels; FeatureConformanceTests has what holds for all presets.
@Suite struct PresetStreamTests {
  static let presets = FeaturePresets.all.filter { $0.extractor == "mel" }

  /// The presets' framing, each kind with the others' tail rules and gaps between frames.
  static let framings: [FeatureSpec] = {
    var specs: [FeatureSpec] = []
    for preset in [FeaturePresets.vggish, FeaturePresets.efficientAT, FeaturePresets.openL3] {
      for rule in [FeatureSpec.LastFrame.whole, .covering, .partial] {
        var spec = preset
        spec.name = "\(preset.name)-\(rule.rawValue)"
        spec.lastFrame = rule
        specs.append(spec)
        spec.name += "-gaps"
        spec.hopLength = 3000
        specs.append(spec)
      }
    }
    return specs
  }()

  @Test("blocks of any length give the bytes of the whole", arguments: framings)
  func blocks(spec: FeatureSpec) throws {
    let samples = Array(try MelStreamTests.music().prefix(20_001))
    let whole = try FeatureExtractors.make(spec).extract(samples)
    for length in [1, 7, 399, 400, 401, 4095, 4096, 4097, 4098, 13_000, 20_000] {
      #expect(try MelStreamTests.extract(samples, spec) { _ in length } == whole, "blocks of \(length)")
    }
    let growing = try MelStreamTests.extract(samples, spec) { $0 * $0 % 1237 }
    #expect(growing == whole, "blocks of changing lengths, some empty")
  }

  @Test(
    "clips of every length around a window are whole or refused with the length it takes",
    arguments: presets + framings)
  func shortClips(spec: FeatureSpec) throws {
    let extractor = try FeatureExtractors.make(spec)
    let samples = try MelStreamTests.music()
    let fewest = extractor.fewestSamples(frames: 1)
    #expect(extractor.frameCount(samples: fewest - 1) == 0)
    for count in Set([
      1, 2, 3, fewest, fewest + 1, spec.windowLength, spec.fftSize, spec.fftSize + spec.hopLength,
    ]) {
      let clip = Array(samples.prefix(count))
      guard count >= fewest else {
        let error = #expect(throws: MtagError.self) { try extractor.extract(clip) }
        #expect(error?.kind == .badData)
        #expect(error?.message.contains("needs \(fewest)") == true, "\(error?.message ?? "")")
        continue
      }
      let map = try extractor.extract(clip)
      #expect(map.frames == extractor.frameCount(samples: count))
      #expect(map.values.count == map.bands * map.frames && map.values.allSatisfy { $0.isFinite })
    }
  }

  @Test("frames by each rule for the last one")
  func lastFrames() throws {
    func frames(_ rule: FeatureSpec.LastFrame, centered: Bool, samples: Int) throws -> Int {
      var spec = FeaturePresets.musicnn
      (spec.lastFrame, spec.isCentered) = (rule, centered)
      return try FeatureExtractors.make(spec).frameCount(samples: samples)
    }
    for count in [1, 255, 256, 257, 511, 512, 513, 767, 768, 769, 10_000] {
      let past = (count + 255) / 256
      #expect(try frames(.whole, centered: true, samples: count) == 1 + count / 256)
      // Essentia: until a frame's middle is at or past the end.
      #expect(try frames(.covering, centered: true, samples: count) == 1 + past)
      // TensorFlow: wherever a frame starts before the end.
      #expect(try frames(.partial, centered: false, samples: count) == past)
      #expect(
        try frames(.whole, centered: false, samples: count) == (count < 512 ? 0 : 1 + (count - 512) / 256))
      #expect(try frames(.covering, centered: false, samples: count) == max(1, past - 1))
    }
  }

  @Test("silence is the level of nothing, in every frame", arguments: presets)
  func silence(spec: FeatureSpec) throws {
    let map = try FeatureExtractors.make(spec).extract([Float](repeating: 0, count: 9000))
    let level = spec.level
    let nothing = Double(level.gain * level.minimumValue + level.offset)
    let value =
      switch level.function {
      case .decibels:
        level.reference == .one ? 20 / Double(spec.magnitudeExponent) * log10(nothing) : 0
      case .naturalLogarithm: log(nothing)
      case .logarithm10: log10(nothing)
      case .linear: nothing
      }
    let expected = Float((value - Double(level.mean)) / Double(level.deviation))
    expectClose(map.values, [Float](repeating: expected, count: map.values.count), relative: 2e-7)
  }

  @Test("a constant is silence to AST, which takes each frame's mean off")
  func constant() throws {
    let extractor = try FeatureExtractors.make(FeaturePresets.ast)
    let silence = try extractor.extract([Float](repeating: 0, count: 1000))
    for value: Float in [0.5, -1, 0.1] {
      let map = try extractor.extract([Float](repeating: value, count: 1000))
      expectClose(map.values, silence.values, absolute: 1e-6)
    }
  }

  @Test("linear levels are gain, offset, mean and deviation, and nothing else")
  func linear() throws {
    let samples = try MelStreamTests.music()
    var spec = FeaturePresets.melspec
    spec.level = .init(function: .linear, minimumValue: 0)
    let plain = try FeatureExtractors.make(spec).extract(samples)
    #expect(plain.values.allSatisfy { $0 >= 0 } && (plain.values.max() ?? 0) > 1)
    spec.level = .init(function: .linear, minimumValue: 0.001, gain: -3, offset: 2, mean: 0.5, deviation: -4)
    let changed = try FeatureExtractors.make(spec).extract(samples)
    let expected = plain.values.map { Float((-3 * Double(max($0, 0.001)) + 2 - 0.5) / -4) }
    expectClose(changed.values, expected, absolute: 1e-6, relative: 3e-7)
  }
}
