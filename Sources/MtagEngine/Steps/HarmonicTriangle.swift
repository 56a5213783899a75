import Foundation
import MtagGraph

/// One band of a harmonic filter: the bins it sees, and their weights.
struct HarmonicTriangle {
  /// Bins with a weight above zero; all bins if Q is not a number.
  let bins: Range<Int>
  private let centreHz: Double
  private let hertzPerBin: Double
  private let quality: Double
  /// Bandwidth at Q = 1: 0.1079 f + 24.7, the authors' fit of the ear's.
  private let bandwidthHz: Double

  init(centreHz: Double, quality: Float, hertzPerBin: Double, binCount: Int) {
    self.centreHz = centreHz
    self.hertzPerBin = hertzPerBin
    self.quality = Double(quality)
    bandwidthHz = 0.1079 * centreHz + 24.7
    let reach = bandwidthHz / (2 * abs(self.quality))
    guard reach.isFinite, centreHz.isFinite else {
      bins = 0..<binCount
      return
    }
    let last = Double(binCount - 1)
    let lower = ((centreHz - reach) / hertzPerBin).rounded(.up)
    let upper = ((centreHz + reach) / hertzPerBin).rounded(.down)
    guard lower <= last, upper >= 0, lower <= upper else {
      bins = 0..<0
      return
    }
    bins = Int(max(lower, 0))..<(Int(min(upper, last)) + 1)
  }

  func writeWeights(_ weights: UnsafeMutablePointer<Float>) {
    for (place, bin) in bins.enumerated() {
      let weight = 1 - 2 * abs(quality) * distance(bin) / bandwidthHz
      weights[place] = weight < 0 ? 0 : Float(weight)
    }
  }

  /// The derivatives of the weights by Q.
  func writeSlopes(_ slopes: UnsafeMutablePointer<Float>) {
    for (place, bin) in bins.enumerated() {
      let slope = -2 * distance(bin) / bandwidthHz
      let weight = 1 + abs(quality) * slope
      slopes[place] = weight > 0 ? Float(quality < 0 ? -slope : slope) : 0
    }
  }

  private func distance(_ bin: Int) -> Double { abs(Double(bin) * hertzPerBin - centreHz) }
}

extension MtagGraph.Operation.HarmonicFilter {
  /// The middle of a band of a harmonic, counted from 1, in Hz.
  func centreHz(band: Int, harmonic: Int) -> Double {
    Double(harmonic) * Double(lowestHz) * pow(2, Double(band) / Double(12 * bandsPerSemitone))
  }
}
