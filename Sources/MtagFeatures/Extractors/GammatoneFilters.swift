import Foundation

/// Gammatone filters of fourth order, equally spaced in ERB rate.
///
/// Centres: ERB rate of Glasberg and Moore (1990) as Slaney writes it, with ear Q 9.26449 and a least bandwidth of 24.7 Hz;
/// the lower limit is a centre, the upper one is not. Filters: four sections with common poles and a zero each, of gain one at
/// the centre (Slaney, "An efficient implementation of the Patterson-Holdsworth auditory filter bank", Apple TR 35, 1993).
struct GammatoneFilters: Sendable {
  /// The filters' centres, rising.
  let centresHz: [Double]
  private let filters: [Filter]

  private static let earQ = 9.26449
  private static let leastBandwidthHz = 24.7

  init(bands: Int, minimumHz: Double, maximumHz: Double, sampleRateHz: Double) {
    let offset = Self.earQ * Self.leastBandwidthHz
    let ratio = (minimumHz + offset) / (maximumHz + offset)
    centresHz = (0..<bands).map { band in
      (maximumHz + offset) * pow(ratio, Double(bands - band) / Double(bands)) - offset
    }
    filters = centresHz.map { Filter(centreHz: $0, sampleRateHz: sampleRateHz) }
  }

  /// The gain of a filter at an angular frequency in radians a sample: 1 at its centre.
  func response(band: Int, radians: Double) -> Double { filters[band].response(radians) }

  /// One filter, looked at on the unit circle.
  private struct Filter: Sendable {
    private let radius: Double
    private let phase: Double
    /// Where the four zeros lie on the real axis.
    private let zeros: [Double]
    private var gain = 1.0

    init(centreHz: Double, sampleRateHz: Double) {
      let bandwidth = 1.019 * 2 * .pi * (centreHz / earQ + leastBandwidthHz)
      let (radius, phase) = (exp(-bandwidth / sampleRateHz), 2 * .pi * centreHz / sampleRateHz)
      self.radius = radius
      self.phase = phase
      zeros = [3 + 2 * 2.0.squareRoot(), 3 - 2 * 2.0.squareRoot()].flatMap { square in
        [1, -1].map { radius * (cos(phase) + $0 * square.squareRoot() * sin(phase)) }
      }
      gain = response(phase)
    }

    func response(_ radians: Double) -> Double {
      let (x, y) = (cos(radians), sin(radians))
      var numerator = 1.0
      for zero in zeros { numerator *= hypot(x - zero, y) }
      let (poleX, poleY) = (radius * cos(phase), radius * sin(phase))
      let poles = hypot(x - poleX, y - poleY) * hypot(x - poleX, y + poleY)
      return numerator / (poles * poles * poles * poles) / gain
    }
  }
}
