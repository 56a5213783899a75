import Foundation
import MtagCore

/// The numbers of a constant-Q or variable-Q transform and what follows from them, as librosa 0.11's `vqt` has it.
///
/// With `r = 2^(1 / bandsPerOctave)`, `α = (r² - 1) / (r² + 1)` and `Q = filterScale / α`, the filter at `f` is
/// `Q · rate / (f + γ / α)` samples long: α is half the distance of its neighbours relative to its own frequency, and γ
/// widens every filter by the same number of Hz.
struct ConstantQNumbers: Sendable {
  let sampleRateHz: Double
  let hopLength: Int
  /// Centre of the lowest band of harmonic 1.
  let minimumHz: Double
  let bands: Int
  let bandsPerOctave: Int
  /// What every filter's bandwidth is widened by.
  let gammaHz: Double
  let filterScale: Double
  /// The share of a filter's spectrum, by sum of magnitudes, that is dropped.
  let sparsity: Double
  /// Every channel's factor of `minimumHz`.
  let harmonics: [Double]

  /// Equivalent noise bandwidth of Hann's window in bins: librosa's constant for 1000 points.
  private static let windowBandwidth = 1.500_183_105_468_75
  /// Clips are never decimated by more than 2⁹ at once.
  private static let mostEarlyHalvings = 9

  /// Half the relative distance of the two neighbours of a band.
  var alpha: Double {
    let square = pow(2, 2 / Double(bandsPerOctave))
    return (square - 1) / (square + 1)
  }

  /// Octaves of one harmonic, the lowest of which may have fewer bands.
  var octaves: Int { (bands + bandsPerOctave - 1) / bandsPerOctave }

  /// Centres of one harmonic's bands in Hz, rising.
  func frequenciesHz(harmonic: Double) -> [Double] {
    (0..<bands).map { band in
      let (octave, step) = band.quotientAndRemainder(dividingBy: bandsPerOctave)
      return pow(2, Double(octave)) * pow(2, Double(step) / Double(bandsPerOctave)) * (minimumHz * harmonic)
    }
  }

  /// Length of the filter at a frequency, in samples at a rate; not rounded.
  func filterLength(frequencyHz: Double, rateHz: Double) -> Double {
    filterScale / alpha * rateHz / (frequencyHz + gammaHz / alpha)
  }

  /// Where the filter at a frequency ends, in Hz.
  func cutoffHz(frequencyHz: Double) -> Double {
    frequencyHz * (1 + 0.5 * Self.windowBandwidth * alpha / filterScale) + 0.5 * gammaHz
  }

  /// By which power of two the clip is decimated before the top octave of a harmonic is read.
  func earlyHalvings(harmonic: Double) -> Int {
    let topHz = frequenciesHz(harmonic: harmonic).last ?? minimumHz
    let allowed = Int(ceil(log2(sampleRateHz / 2 / cutoffHz(frequencyHz: topHz)))) - 2
    return max(0, min(allowed, hopLength.trailingZeroBitCount - octaves + 1, Self.mostEarlyHalvings))
  }
}
