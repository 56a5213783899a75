import Foundation
import MtagCore
import MtagKernelTypes

/// Looks at every sample once: refuses what is no sound and, where a spec asks for it, adds up the energy. The energy is
/// the same to the bit however the clip is cut into blocks.
struct SampleMeter {
  /// Samples seen so far.
  private(set) var count = 0

  private let kernels: FeatureKernels
  private let sampleRateHz: Int
  private let measuresEnergy: Bool
  /// Squares of the samples whose index is `i` modulo 16, of the current piece.
  private var sums = [Float](repeating: 0, count: FeatureKernels.framesPerGroup)
  private var energy = 0.0

  /// Above this, powers of a long transform could leave the range of a float. Full scale is 1.
  static let largestMagnitude: Float = 1e12
  /// A clip whose Euclidean norm is below this counts as silence: 1e-15 is 300 dB below one full-scale sample.
  private static let silentNorm = 1e-15
  /// Samples after which the float sums go into the double.
  private static let pieceLength = 4096

  init(kernels: FeatureKernels, sampleRateHz: Int, measuresEnergy: Bool) {
    self.kernels = kernels
    self.sampleRateHz = sampleRateHz
    self.measuresEnergy = measuresEnergy
  }

  /// Square root of the sum of squares of all samples.
  var norm: Double { (energy + pieceEnergy).squareRoot() }

  /// What samples are multiplied by to make the norm one; 1 for silence.
  var unitScale: Float { norm < Self.silentNorm ? 1 : Float(1 / norm) }

  /// What values that are proportional to the spectrum are multiplied by: the waveform's norm is divided out of them (or of
  /// their squares) where a spec asks for it, and the clip is not silent.
  func valueScale(_ spec: FeatureSpec) -> Float {
    let isSilent = spec.waveformNormalization == .none || norm < Self.silentNorm
    return isSilent ? 1 : Float(pow(1 / norm, Double(spec.magnitudeExponent)))
  }

  /// Takes the next block.
  /// - Throws: `MtagError` (badData) naming the first sample that is NaN, infinite or beyond ±1e12.
  mutating func add(_ block: UnsafeBufferPointer<Float>) throws {
    guard let base = block.baseAddress else { return }
    if kernels.largestMagnitudeBits(base, block.count) > Self.largestMagnitude.bitPattern {
      throw refusal(of: block)
    }
    if measuresEnergy {
      addEnergy(base, block.count)
    } else {
      count += block.count
    }
  }

  private mutating func addEnergy(_ samples: UnsafePointer<Float>, _ total: Int) {
    let width = FeatureKernels.framesPerGroup
    var offset = 0
    while offset < total {
      let inPiece = count % Self.pieceLength
      let available = min(total - offset, Self.pieceLength - inPiece)
      let column = count % width
      if column == 0, available >= width {
        let whole = available / width * width
        sums.withUnsafeMutableBufferPointer { sums in
          if let sums = sums.baseAddress { kernels.addSquares(sums, samples + offset, whole) }
        }
        advance(whole, &offset)
      } else {
        let sample = samples[offset]
        sums[column] += sample * sample
        advance(1, &offset)
      }
    }
  }

  private mutating func advance(_ samples: Int, _ offset: inout Int) {
    offset += samples
    count += samples
    guard count % Self.pieceLength == 0 else { return }
    energy += pieceEnergy
    for column in sums.indices { sums[column] = 0 }
  }

  private var pieceEnergy: Double { sums.reduce(0) { $0 + Double($1) } }

  private func refusal(of block: UnsafeBufferPointer<Float>) -> MtagError {
    let offset = block.firstIndex { !($0.magnitude <= Self.largestMagnitude) } ?? 0
    let (value, index) = (block[offset], count + offset)
    let seconds = (Double(index) / Double(sampleRateHz) * 1000).rounded() / 1000
    return MtagError(
      .badData,
      "sample \(index) (at \(seconds) s) is \(value); samples must be finite numbers within ±1e12, full scale being 1"
    )
  }
}
