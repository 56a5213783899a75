import Foundation
import MtagCore
import MtagKernelTypes

/// Takes every second sample of a stream after a low pass, block by block in the frequency domain. A sample's value does not
/// depend on how the stream arrived, because blocks lie at fixed places of it.
final class Decimator: Sendable {
  /// Samples on either side of one that the filter reaches, made even.
  let radius: Int
  /// Samples by which one block is ahead of the last; even.
  let step: Int

  private let forward: FFTPlan
  /// Of half the size, unless the filter lets frequencies fold back: then every second of its samples is taken.
  private let inverse: InverseFFTPlan
  /// Response of each bin, twice (for real and imaginary part), divided by the transform's length.
  private let response: [Float]
  private let multiply: FeatureKernels.ApplyWindow

  /// - Parameter blockLength: samples of one transform, a power of two above twice the filter's length. More is faster and
  ///   comes later.
  init(_ filter: HalvingFilter, blockLength: Int, kernels: FeatureKernels) throws {
    let taps = filter.taps
    radius = Self.radius(of: taps)
    step = blockLength - 2 * radius
    forward = try FFTPlan(size: blockLength)
    inverse = try InverseFFTPlan(size: filter.folds ? blockLength : blockLength / 2)
    multiply = kernels.applyWindow
    let cosines = (0..<blockLength).map { cos(2 * Double.pi * Double($0) / Double(blockLength)) }
    let last = inverse.size / 2
    response = (0...last).flatMap { bin -> [Float] in
      // The bin of the new Nyquist frequency, where the sinc is 130 dB down, would be counted twice.
      guard filter.folds || bin < last else { return [0, 0] }
      var value = taps[0]
      for place in 1..<taps.count { value += 2 * taps[place] * cosines[place * bin % blockLength] }
      let weight = Float(value / Double(blockLength))
      return [weight, weight]
    }
  }

  /// Both transforms and the product with the response, for each sample that comes in: multiply-accumulates.
  static func multiplyAccumulatesPerSample(_ filter: HalvingFilter, blockLength: Int) -> Double {
    let (size, back) = (Double(blockLength), Double(filter.folds ? blockLength : blockLength / 2))
    let step = blockLength - 2 * radius(of: filter.taps)
    return (size * log2(size) + back * log2(back) + size) / Double(step)
  }

  private static func radius(of taps: [Double]) -> Int { taps.count / 2 * 2 }

  /// Samples of one block.
  var blockLength: Int { forward.size }
  /// Samples that one block gives.
  var outputLength: Int { step / 2 }
  /// Floats of each of the two buffers that `run` needs.
  var scratchLength: Int { forward.size + 2 }

  /// Filters one block: `blockLength` samples, the first of which stands `radius` before a multiple of `step`, give the
  /// `outputLength` samples of the decimated stream that belong to the `step` samples from that multiple on. Both buffers
  /// are aligned to 64 bytes.
  func run(
    _ samples: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>,
    spectrum: UnsafeMutablePointer<Float>
  ) {
    scratch.update(from: samples, count: forward.size)
    forward.execute(scratch, into: spectrum)
    response.withUnsafeBufferPointer { response in
      guard let weights = response.baseAddress else { return }
      multiply(spectrum, spectrum, weights, response.count)
    }
    inverse.execute(spectrum, into: scratch)
    if inverse.size == forward.size {
      for index in 0..<outputLength { out[index] = scratch[radius + 2 * index] }
    } else {
      out.update(from: scratch + radius / 2, count: outputLength)
    }
  }
}
