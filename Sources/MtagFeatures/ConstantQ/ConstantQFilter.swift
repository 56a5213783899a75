import Foundation

/// The spectrum of one band's filter, trimmed to the bins that it uses.
///
/// The filter is `e^(iθj)` under Hann's window of period n, j from -⌈length / 2⌉ to ⌊length / 2⌋ - 1, n of them, divided by the
/// sum of the window, n / 2. librosa computes its spectrum by a transform in single precision; here it is the closed form, a
/// sum of three Dirichlet kernels, in double precision.
struct ConstantQFilter {
  /// The first bin in use.
  let firstBin: Int
  /// Real and imaginary part of each bin from there on, in turn.
  let weights: [Float]

  /// - Parameters:
  ///   - frequencyHz: the band's centre.
  ///   - length: the filter's length in samples at `rateHz`, at least 2 and at most `fftSize`.
  ///   - fftSize: the length of the transform whose middle sample is the filter's sample 0.
  ///   - gain: multiplies every weight, besides 1 / `fftSize`.
  ///   - sparsity: the share of the sum of magnitudes that may be dropped, smallest bins first.
  init(
    frequencyHz: Double, length: Double, rateHz: Double, fftSize: Int, gain: Double, sparsity: Double
  ) {
    let start = floor(-length / 2)
    let count = floor(length / 2) - start
    let theta = 2 * Double.pi * frequencyHz / rateHz
    let scale = gain / Double(fftSize) * 2 / count
    let side = Double.pi / count
    let (sideCosine, sideSine) = (cos(side), sin(side))
    var spectrum: [(re: Double, im: Double)] = []
    spectrum.reserveCapacity(fftSize / 2 + 1)
    for bin in 0...fftSize / 2 {
      let half = theta / 2 - Double.pi * Double(bin) / Double(fftSize)
      let middle = 0.5 * Self.dirichlet(half, count)
      let (above, below) = (
        0.25 * Self.dirichlet(half + side, count), 0.25 * Self.dirichlet(half - side, count)
      )
      // 0.5 D(u) + 0.25 e^(-iπ/n) D(u + π/n) + 0.25 e^(iπ/n) D(u - π/n), turned to where the filter starts.
      let (re, im) = (middle + sideCosine * (above + below), sideSine * (below - above))
      let angle = 2 * half * (start + (count - 1) / 2)
      let sign = bin % 2 == 0 ? scale : -scale
      spectrum.append(
        (sign * (re * cos(angle) - im * sin(angle)), sign * (re * sin(angle) + im * cos(angle))))
    }
    let magnitudes = spectrum.map { hypot($0.re, $0.im) }
    let threshold = Self.threshold(magnitudes, sparsity: sparsity)
    let first = magnitudes.firstIndex { $0 >= threshold } ?? 0
    let last = magnitudes.lastIndex { $0 >= threshold } ?? 0
    firstBin = first
    weights = (first...last).flatMap { bin in
      magnitudes[bin] >= threshold ? [Float(spectrum[bin].re), Float(spectrum[bin].im)] : [0, 0]
    }
  }

  /// The magnitude from which on bins are kept: those below it make less than `sparsity` of the sum.
  private static func threshold(_ magnitudes: [Double], sparsity: Double) -> Double {
    let sum = magnitudes.reduce(0, +)
    // Most bins are so small that their order does not matter: only the others are sorted, unless the small ones are too many.
    let small = 1e-3 * (magnitudes.max() ?? 0)
    let smallShare = magnitudes.reduce(0) { $1 < small ? $0 + $1 / sum : $0 }
    let isDropped = smallShare < sparsity
    var dropped = isDropped ? smallShare : 0
    for magnitude in (isDropped ? magnitudes.filter { $0 >= small } : magnitudes).sorted() {
      dropped += magnitude / sum
      if dropped >= sparsity { return magnitude }
    }
    return 0
  }

  /// sin(n u) / sin(u).
  private static func dirichlet(_ u: Double, _ count: Double) -> Double {
    let below = sin(u)
    return abs(below) < 1e-12 ? count : sin(count * u) / below
  }
}
