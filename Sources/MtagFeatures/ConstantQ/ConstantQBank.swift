import Foundation
import MtagCore
import MtagKernelTypes

/// The filters of one octave, with the transform they are applied to.
final class ConstantQBank: Sendable {
  /// The stream of samples that the octave is read from.
  let stream: Int
  /// Samples of that stream from one frame to the next.
  let hopLength: Int
  /// The transform; its middle sample is the frame's time.
  let fft: FFTPlan
  /// The first bin that any filter uses, and how many there are to the last.
  let firstBin: Int
  let binCount: Int
  let bands: Int
  /// For each band, the rows of a group that it is written to.
  let rows: [[Int]]
  private let firstBins: [Int32]
  private let binCounts: [Int32]
  private let weights: [Float]

  init(octave: ConstantQLayout.Octave, stream: Int, numbers: ConstantQNumbers) throws {
    let rateHz = numbers.sampleRateHz / Double(octave.factor)
    let lengths = octave.frequenciesHz.map { numbers.filterLength(frequencyHz: $0, rateHz: rateHz) }
    let size = Self.fftSize(longest: lengths.max() ?? 0)
    let filters = zip(octave.frequenciesHz, lengths).map { frequencyHz, length in
      // The sum of a filter's magnitudes is √(its length at the clip's rate).
      ConstantQFilter(
        frequencyHz: frequencyHz, length: length, rateHz: rateHz, fftSize: size,
        gain: (length * Double(octave.factor)).squareRoot(), sparsity: numbers.sparsity)
    }
    self.stream = stream
    hopLength = numbers.hopLength / octave.factor
    fft = try FFTPlan(size: size)
    bands = filters.count
    let first = filters.map(\.firstBin).min() ?? 0
    firstBin = first
    binCount = (filters.map { $0.firstBin + $0.weights.count / 2 }.max() ?? 1) - first
    firstBins = filters.map { Int32($0.firstBin - first) }
    binCounts = filters.map { Int32($0.weights.count / 2) }
    weights = filters.flatMap(\.weights)
    rows = filters.indices.map { band in
      octave.places.map { ($0.firstBand + band) * numbers.harmonics.count + $0.harmonic }
    }
  }

  /// The length of the transform that holds an octave's longest filter.
  static func fftSize(longest: Double) -> Int {
    var size = 4
    while Double(size) < longest { size *= 2 }
    return size
  }

  /// Lends the filters to a kernel.
  func withTable(_ body: (BandTable) -> Void) {
    firstBins.withUnsafeBufferPointer { firsts in
      binCounts.withUnsafeBufferPointer { counts in
        weights.withUnsafeBufferPointer { weights in
          guard let first = firsts.baseAddress, let count = counts.baseAddress,
            let weight = weights.baseAddress
          else { return }
          body(BandTable(bands: bands, firstBins: first, binCounts: count, weights: weight))
        }
      }
    }
  }
}
