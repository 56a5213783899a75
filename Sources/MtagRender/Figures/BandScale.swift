import Foundation
import MtagCore

/// Where bands stand on the vertical axis.
///
/// Bands have equal heights, whatever they mean: a mel map is drawn in mel, a linear one in Hz. Tempo alone is drawn on a
/// logarithmic axis from 16 to 480 beats per minute, as far as the map goes: lags of equal height would leave the tempi of
/// music a few rows.
struct BandScale {
  let bands: Int
  private let kind: Kind

  private enum Kind {
    /// Equal rows; what is marked is a number that rises with the bands, one for each; empty: the row's index.
    case rows(centres: [Double])
    /// Seconds per beat of each row; the axis is the logarithm of beats per minute between two ends.
    case tempo(periods: [Double], low: Double, high: Double)
  }

  private static let tempi = 16.0...480.0

  /// Makes the scale of a map's bands.
  /// - Throws: `MtagError` (internalFault) if axes and map do not fit.
  init(_ meaning: MapAxes.Bands, bands: Int) throws {
    self.bands = bands
    switch meaning {
    case .frequency(let centres), .pitch(let centres): kind = .rows(centres: centres.map(Double.init))
    case .tempo(let tempi):
      let finite = tempi.filter { $0.isFinite && $0 > 0 }.map(Double.init)
      guard let least = finite.min(), let greatest = finite.max(), least < greatest else {
        kind = .rows(centres: [])
        return
      }
      let ends = (max(least, Self.tempi.lowerBound), min(greatest, Self.tempi.upperBound))
      let (low, high) = ends.0 < ends.1 ? ends : (least, greatest)
      kind = .tempo(periods: tempi.map { $0.isFinite && $0 > 0 ? 60 / Double($0) : 0 }, low: low, high: high)
    case .pitchClass, .frequencyRange, .index, .groups, .amplitude: kind = .rows(centres: [])
    }
    let count: Int? =
      switch meaning {
      case .frequency(let values), .pitch(let values), .tempo(let values): values.count
      case .frequencyRange(let edges): edges.count - 1
      case .pitchClass, .index, .groups, .amplitude: nil
      }
    guard count == nil || count == bands else {
      throw MtagError(.internalFault, "a map of \(bands) bands has axes for \(count ?? 0)")
    }
  }

  /// Whether rows have other heights than bands.
  var isResampled: Bool {
    if case .tempo = kind { true } else { false }
  }

  /// The bands that are on the axis, whole or in part.
  var shownBands: Range<Int> {
    let interval = bandInterval(from: 0, to: 1)
    let first = min(max(Int(interval.low + 1e-9), 0), bands - 1)
    return first..<min(max(Int((interval.high - 1e-9).rounded(.up)), first + 1), bands)
  }

  /// The values at the lower and the upper end of the axis.
  var ends: (low: Double, high: Double) {
    switch kind {
    case .rows(let centres): (Self.value(at: -0.5, centres), Self.value(at: Double(bands) - 0.5, centres))
    case .tempo(_, let low, let high): (low, high)
    }
  }

  /// Whether equal differences of the value have equal heights, to 2 % of the axis.
  var isLinear: Bool {
    guard case .rows(let centres) = kind else { return false }
    guard centres.count > 2, let first = centres.first, let last = centres.last, last > first else {
      return true
    }
    let step = (last - first) / Double(centres.count - 1)
    let bound = 0.02 * (last - first)
    return centres.enumerated().allSatisfy { abs($1 - (first + Double($0) * step)) <= bound }
  }

  /// Where a value stands, 0 at the lower end and 1 at the upper; nil if it is not on the axis.
  func share(of value: Double) -> Double? {
    let share: Double
    switch kind {
    case .rows(let centres): share = (Self.index(of: value, centres) + 0.5) / Double(bands)
    case .tempo(_, let low, let high): share = log(value / low) / log(high / low)
    }
    return share >= -1e-9 && share <= 1 + 1e-9 ? min(max(share, 0), 1) : nil
  }

  /// The bands that lie between two places on the axis, counted in bands from the lower edge of band 0.
  func bandInterval(from low: Double, to high: Double) -> (low: Double, high: Double) {
    guard case .tempo(let periods, let slowest, let fastest) = kind else {
      return (low * Double(bands), high * Double(bands))
    }
    let rows = [low, high].map { share in
      let period = 60 / (slowest * pow(fastest / slowest, share))
      return min(max(Self.row(of: period, periods) + 0.5, 0), Double(bands))
    }
    return (rows.min() ?? 0, rows.max() ?? 0)
  }

  // MARK: - Helpers

  /// The value at a place counted in bands; straight between centres and beyond the outermost.
  private static func value(at index: Double, _ centres: [Double]) -> Double {
    guard centres.count > 1 else { return centres.first.map { $0 + index } ?? index }
    let lower = min(max(Int(index.rounded(.down)), 0), centres.count - 2)
    return centres[lower] + (index - Double(lower)) * (centres[lower + 1] - centres[lower])
  }

  /// The inverse of `value(at:)`.
  private static func index(of value: Double, _ centres: [Double]) -> Double {
    guard centres.count > 1 else { return centres.first.map { value - $0 } ?? value }
    // The last band whose centre is not above the value, by halving.
    var (lower, upper) = (0, centres.count - 1)
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if centres[middle] <= value { lower = middle } else { upper = middle }
    }
    let width = centres[lower + 1] - centres[lower]
    return width > 0 ? Double(lower) + (value - centres[lower]) / width : Double(lower)
  }

  /// Where a period lies among rows of rising or falling periods.
  private static func row(of period: Double, _ periods: [Double]) -> Double {
    guard let first = periods.first, let last = periods.last else { return 0 }
    if first <= last { return index(of: period, periods) }
    return Double(periods.count - 1) - index(of: period, periods.reversed())
  }
}
