import Foundation

/// The linear-phase low passes under which librosa 0.11 halves a clip's rate (`soxr_hq`), found by measuring the response of soxr
/// (python-soxr 1.1) to unit impulses; taps agree within 3e-8, the rounding of single precision.
///
/// soxr halves with a sinc under Kaiser's window, flat to 0.91 of the new Nyquist frequency and 130 dB down from 1.0 on. For
/// larger factors it halves with a short half-band filter first, and with such a sinc at last; what a half-band filter rings
/// before the clip's first sample is cut off, what it rings behind the last is kept. From a factor of 16 on soxr does
/// something else at the first samples; there ours differs from it by up to 0.1 % of the largest sample.
enum HalvingFilter: Hashable, Sendable {
  /// From one octave to the next.
  case octave
  /// Any but the last halving of an early decimation.
  case halfBand
  /// The last of that many halvings of an early decimation, at least two.
  case last(halvings: Int)

  /// The filters of an early decimation by 2 to the power of `halvings`.
  static func early(halvings: Int) -> [HalvingFilter] {
    switch halvings {
    case 0: []
    case 1: [.octave]
    default: [HalvingFilter](repeating: .halfBand, count: halvings - 1) + [.last(halvings: halvings)]
    }
  }

  /// The taps from the middle one outward; the others mirror them. Their sum over both sides is one.
  var taps: [Double] {
    switch self {
    case .octave: Self.sinc(reach: 194.5, beta: 13.04)
    case .last(2): Self.sinc(reach: 204.5, beta: 13.711)
    case .last(3): Self.sinc(reach: 210.5, beta: 14.104)
    case .last(4): Self.sinc(reach: 214.5, beta: 14.383)
    case .last: Self.sinc(reach: 216.5, beta: 14.601)
    case .halfBand: [0.5] + Self.halfBandTaps.flatMap { [$0, 0] }
    }
  }

  /// Whether so much is left above the new Nyquist frequency that it must be let fold back.
  var folds: Bool { self == .halfBand }

  /// The odd taps of the half-band filter.
  private static let halfBandTaps = [
    0.311_546_52, -0.087_344_91, 0.036_814_45, -0.015_189_19, 0.005_454_08, -0.001_564_39, 0.000_318_16,
    -0.000_034_79,
  ]

  /// Cutoff of the sinc in cycles a sample, doubled.
  private static let cutoff = 0.478_435_91

  private static func sinc(reach: Double, beta: Double) -> [Double] {
    let taps = (0..<Int(reach.rounded(.up))).map { place -> Double in
      let (x, share) = (Double(place), Double(place) / reach)
      let sinc = place == 0 ? cutoff : sin(Double.pi * cutoff * x) / (Double.pi * x)
      return sinc * besselI0(beta * (1 - share * share).squareRoot())
    }
    let sum = 2 * taps.reduce(0, +) - taps[0]
    return taps.map { $0 / sum }
  }

  /// The modified Bessel function of the first kind, order 0, by its power series.
  private static func besselI0(_ x: Double) -> Double {
    var (sum, term, index) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17 {
      term *= (x / 2 / index) * (x / 2 / index)
      sum += term
      index += 1
    }
    return sum
  }
}
