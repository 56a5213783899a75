import Foundation
import MtagCore
import MtagFeatures

/// A front-end small enough for tests: the level of eight pitches in each 100 samples.
struct ToneBands: FeatureExtractor {
  static let pitchesHz: [Float] = [200, 400, 600, 800, 1000, 1200, 1600, 2000]
  let spec: FeatureSpec
  let shape = MapShape(bands: Self.pitchesHz.count)

  var axes: MapAxes {
    MapAxes(
      bands: .frequency(centresHz: Self.pitchesHz), secondsPerFrame: Double(spec.hopLength) / 8000,
      firstFrameSeconds: 50.0 / 8000, valueUnit: "ln", valueName: "magnitude")
  }

  init(hopLength: Int = 100) throws {
    let text = """
      {"name":"tones","extractor":"tones","sampleRateHz":8000,"monoRule":"mean","resampler":"soxr-hq",
       "waveformNormalization":"none","windowLength":100,"fftSize":100,"hopLength":\(hopLength),"window":"hann",
       "isCentered":false,"padding":"zeros","magnitudeExponent":1,"bands":8,"melScale":"htk","melNorm":"peak",
       "triangleDomain":"hertz","minimumHz":0,"maximumHz":4000,"level":{"reference":"one","minimumValue":1}}
      """
    spec = try JSONDecoder().decode(FeatureSpec.self, from: Data(text.utf8))
  }

  var multiplyAccumulatesPerFrame: Double { Double(bands * spec.hopLength) }

  func frameCount(samples: Int) -> Int { samples / spec.hopLength }

  func makeStream() throws -> any FeatureStream { Stream(hop: spec.hopLength) }

  final class Stream: FeatureStream {
    private let hop: Int
    private var samples: [Float] = []

    init(hop: Int) { self.hop = hop }

    func push(_ block: UnsafeBufferPointer<Float>) { samples += block }

    func finish() throws -> FeatureMap {
      let frames = samples.count / hop
      guard frames > 0 else { throw MtagError(.badData, "the clip is shorter than a frame") }
      var values: [Float] = []
      for pitch in ToneBands.pitchesHz {
        for frame in 0..<frames {
          var (real, imaginary): (Float, Float) = (0, 0)
          for index in 0..<hop {
            let phase = 2 * Float.pi * pitch * Float(index) / 8000
            real += samples[frame * hop + index] * cos(phase)
            imaginary += samples[frame * hop + index] * sin(phase)
          }
          values.append(log(1e-3 + (real * real + imaginary * imaginary).squareRoot()))
        }
      }
      return FeatureMap(bands: ToneBands.pitchesHz.count, frames: frames, values: values)
    }
  }
}
