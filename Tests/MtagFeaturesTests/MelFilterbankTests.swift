import Foundation
import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// The triangles, against their formula over all bins.
@Suite struct MelFilterbankTests {
  static let specs: [FeatureSpec] = {
    var out: [FeatureSpec] = []
    for scale in [FeatureSpec.MelScale.slaney, .htk] {
      for norm in [FeatureSpec.MelNorm.area, .peak] {
        for domain in [FeatureSpec.TriangleDomain.hertz, .mel] {
          for (fftSize, bands) in [(2048, 128), (999, 40), (400, 256), (2, 5)] {
            var spec = FeaturePresets.melspec
            (spec.melScale, spec.melNorm, spec.triangleDomain) = (scale, norm, domain)
            (spec.fftSize, spec.windowLength, spec.bands) = (fftSize, fftSize, bands)
            (spec.minimumHz, spec.maximumHz) = (60, 9000)
            out.append(spec)
          }
        }
      }
    }
    return out
  }()

  static func mel(_ hertz: Double, _ scale: FeatureSpec.MelScale) -> Double {
    if scale == .htk { return 2595 * log10(1 + hertz / 700) }
    return hertz < 1000 ? 3 * hertz / 200 : 15 + 27 * log(hertz / 1000) / log(6.4)
  }

  static func hertz(_ mel: Double, _ scale: FeatureSpec.MelScale) -> Double {
    if scale == .htk { return 700 * (pow(10, mel / 2595) - 1) }
    return mel < 15 ? 200 * mel / 3 : 1000 * pow(6.4, (mel - 15) / 27)
  }

  @Test("triangles rise and fall between their edges, in the spec's domain and norm", arguments: specs)
  func triangles(spec: FeatureSpec) throws {
    let (low, high) = (Self.mel(60, spec.melScale), Self.mel(9000, spec.melScale))
    let edges = (0..<spec.bands + 2).map {
      Self.hertz(low + (high - low) * Double($0) / Double(spec.bands + 1), spec.melScale)
    }
    let bank = MelFilterbank(spec: spec)
    #expect(bank.bands == spec.bands)
    for band in 0..<spec.bands {
      let expected = (0...spec.fftSize / 2).map { bin -> Float in
        let frequency = Double(bin) * 22_050 / Double(spec.fftSize)
        let axis: (Double) -> Double = { spec.triangleDomain == .hertz ? $0 : Self.mel($0, spec.melScale) }
        let (left, middle, right) = (axis(edges[band]), axis(edges[band + 1]), axis(edges[band + 2]))
        let rising = (axis(frequency) - left) / (middle - left)
        let falling = (right - axis(frequency)) / (right - middle)
        let area = spec.melNorm == .area ? 2 / (edges[band + 2] - edges[band]) : 1
        return Float(max(0, min(rising, falling)) * area)
      }
      expectClose(
        bank.row(band, bins: expected.count), expected, absolute: 1e-9, relative: 2e-6, "band \(band):")
    }
  }

  @Test("a band that no bin falls into is silent, as in librosa")
  func emptyBands() throws {
    var spec = FeaturePresets.melspec
    (spec.fftSize, spec.windowLength) = (64, 64)
    let extractor = try FeatureExtractors.make(spec)
    #expect(MelFilterbank(spec: spec).row(0, bins: 33).allSatisfy { $0 == 0 })
    let map = try extractor.extract((0..<3000).map { sin(Float($0)) })
    #expect((0..<map.frames).allSatisfy { map[0, $0] == -80 })
  }
}
