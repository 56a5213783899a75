import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// What a constant-Q spec may not say, and what the error tells.
@Suite struct ConstantQSpecTests {
  @Test("bands beyond half the rate are refused, with what would fit")
  func nyquist() throws {
    var spec = FeaturePresets.cqt
    spec.bands = 108
    let tooMany = #expect(throws: MtagError.self) { try FeatureExtractors.make(spec) }
    #expect(tooMany?.message.contains("take at most 101 bands") == true, "\(tooMany?.message ?? "")")
    spec.bands = 101
    #expect(try FeatureExtractors.make(spec).extract([1, 2, 3]).bands == 101)
    spec.bands = 102
    #expect(throws: MtagError.self) { try FeatureExtractors.shape(of: spec) }

    var stack = FeaturePresets.hcqt
    stack.bands = 84
    let error = #expect(throws: MtagError.self) { try FeatureExtractors.make(stack) }
    #expect(error?.message.contains("harmonic 5.0") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("at most 73 bands or harmonics up to 2.67") == true)
    stack.bands = 73
    #expect(try FeatureExtractors.shape(of: stack) == MapShape(bands: 73, channels: 6))
    stack.bands = 84
    stack.constantQ?.harmonics = [0.5, 1, 2, 2.67]
    #expect(try FeatureExtractors.shape(of: stack) == MapShape(bands: 84, channels: 4))
  }

  static let faults: [(word: String, spec: FeatureSpec)] = {
    func cqt(_ change: (inout FeatureSpec) -> Void) -> FeatureSpec {
      var spec = FeaturePresets.cqt
      change(&spec)
      return spec
    }
    return [
      ("bandsPerOctave", cqt { $0.constantQ?.bandsPerOctave = 0 }),
      ("filterScale", cqt { $0.constantQ?.filterScale = .nan }),
      (
        "filterScale",
        cqt {
          $0.constantQ?.filterScale = 0.01
          $0.bands = 72
        }
      ),
      ("gammaHz", cqt { $0.constantQ?.gammaHz = -1 }),
      ("sparsity", cqt { $0.constantQ?.sparsity = 1 }),
      ("harmonics", cqt { $0.constantQ?.harmonics = [] }),
      ("harmonics", cqt { $0.constantQ?.harmonics = [1, -2] }),
      ("harmonics", cqt { $0.constantQ?.harmonics = [Float](repeating: 1, count: 65) }),
      ("minimumHz", cqt { $0.minimumHz = 0 }),
      ("raise minimumHz", cqt { ($0.minimumHz, $0.hopLength) = (0.5, 511) }),
      ("magnitudeExponent", cqt { $0.magnitudeExponent = 3 }),
      ("preEmphasis", cqt { $0.preEmphasis = 0.97 }),
      ("constantQ", cqt { $0.constantQ = nil }),
      ("bands", cqt { $0.hopLength = 1 }),
      (
        "filters have",
        cqt {
          $0.constantQ?.bandsPerOctave = 1200
          ($0.bands, $0.hopLength, $0.minimumHz) = (4096, 511, 500)
        }
      ),
    ]
  }()

  @Test("numbers out of range are refused, by name", arguments: faults)
  func ranges(word: String, spec: FeatureSpec) throws {
    let error = #expect(throws: MtagError.self) { try FeatureExtractors.make(spec) }
    #expect(error?.kind == .usage)
    #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    #expect(throws: MtagError.self) { try FeatureExtractors.shape(of: spec) }
  }

  @Test("frames are those of the hop; a decimated top octave counts as librosa does")
  func frames() throws {
    let extractor = try FeatureExtractors.make(FeaturePresets.cqt)
    #expect([1, 511, 512, 513, 22_050].map { extractor.frameCount(samples: $0) } == [1, 1, 2, 2, 44])
    // One octave from C1 is read at 22,050 / 64 Hz: 449 samples become 8, a whole hop.
    var bass = FeaturePresets.cqt
    bass.bands = 12
    let low = try FeatureExtractors.make(bass)
    #expect([1, 448, 449, 512, 960, 961].map { low.frameCount(samples: $0) } == [1, 1, 2, 2, 2, 3])
    #expect(low.fewestSamples(frames: 3) == 961)
  }

  @Test("only the fields that it reads are hashed")
  func hash() throws {
    var spec = FeaturePresets.cqt
    spec.fftSize = 4096
    spec.windowLength = 1000
    #expect(try spec.sha256() == FeaturePresets.cqt.sha256())
    spec.constantQ?.sparsity = 0
    #expect(spec.differences(from: FeaturePresets.cqt) == ["constantQ.sparsity: 0.0, not 0.01"])
  }
}
