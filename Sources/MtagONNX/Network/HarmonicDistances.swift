import Foundation
import MtagGraph

extension MtagGraph.Operation.HarmonicFilter {
  /// `2 (ν − f) / width` for every bin, ν being its frequency: what the learned Q multiplies.
  func distances(band: Int, harmonic: Int, bins: Int) -> [Float] {
    let centre =
      Double(harmonic) * Double(lowestHz) * exp2(Double(band) / Double(12 * bandsPerSemitone))
    let width = 0.1079 * centre + 24.7
    return (0..<bins).map { bin in
      let frequency = bins > 1 ? Double(bin) * Double(sampleRateHz) / 2 / Double(bins - 1) : 0
      return Float(2 * (frequency - centre) / width)
    }
  }
}
