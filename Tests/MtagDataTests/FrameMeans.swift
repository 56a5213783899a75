import Foundation
import MtagCore
import MtagFeatures
import Synchronization

/// An extractor simple enough to check by hand: band b of a frame of 100 samples is its mean plus b, or a function of that.
/// It counts its work.
struct FrameMeans: FeatureExtractor {
  let spec: FeatureSpec
  let shape = MapShape(bands: 2)
  let made = Counter()

  final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.wrappingAdd(1, ordering: .relaxed) }
  }

  private let function: @Sendable (Float) -> Float

  init(hopLength: Int = 100, function: @escaping @Sendable (Float) -> Float = { $0 }) throws {
    self.function = function
    let text = """
      {"name":"means","extractor":"means","sampleRateHz":8000,"monoRule":"mean","resampler":"soxr-hq",
       "waveformNormalization":"none","windowLength":100,"fftSize":100,"hopLength":\(hopLength),"window":"hann",
       "isCentered":false,"padding":"zeros","magnitudeExponent":1,"bands":2,"melScale":"htk","melNorm":"peak",
       "triangleDomain":"hertz","minimumHz":0,"maximumHz":4000,"level":{"reference":"one","minimumValue":1}}
      """
    spec = try JSONDecoder().decode(FeatureSpec.self, from: Data(text.utf8))
  }

  var axes: MapAxes {
    MapAxes(
      bands: .index(name: "mean", first: 0), secondsPerFrame: Double(spec.hopLength) / 8000,
      firstFrameSeconds: 50.0 / 8000, valueUnit: "", valueName: "mean")
  }

  var multiplyAccumulatesPerFrame: Double { Double(bands * spec.hopLength) }

  func frameCount(samples: Int) -> Int { samples / spec.hopLength }

  func makeStream() throws -> any FeatureStream {
    made.add()
    return Stream(hop: spec.hopLength, function: function)
  }

  final class Stream: FeatureStream {
    private let hop: Int
    private let function: @Sendable (Float) -> Float
    private var samples: [Float] = []

    init(hop: Int, function: @escaping @Sendable (Float) -> Float) {
      self.hop = hop
      self.function = function
    }

    func push(_ block: UnsafeBufferPointer<Float>) { samples += block }

    func finish() throws -> FeatureMap {
      let frames = samples.count / hop
      guard frames > 0 else { throw MtagError(.badData, "the clip is empty") }
      let means = (0..<frames).map { samples[($0 * hop)..<(($0 + 1) * hop)].reduce(0, +) / Float(hop) }
      return FeatureMap(bands: 2, frames: frames, values: (means + means.map { $0 + 1 }).map(function))
    }
  }
}
