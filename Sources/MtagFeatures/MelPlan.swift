import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels

/// What all clips of one spec share: the window, the transform, the triangles and the hot loops. Never changed after it is
/// made.
final class MelPlan: Sendable {
  let spec: FeatureSpec
  let kernels: FeatureKernels
  let fft: FFTPlan
  let filterbank: MelFilterbank
  /// The window, without the zeros that surround it in the transform.
  let window: [Float]
  /// Where the window starts in the transform.
  let windowOffset: Int
  /// Samples added before the first and after the last.
  let padLength: Int

  init(spec: FeatureSpec) throws {
    try spec.validate()
    self.spec = spec
    kernels = try Kernels.table().features
    fft = try FFTPlan(size: spec.fftSize)
    filterbank = MelFilterbank(spec: spec)
    window = Self.hann(length: spec.windowLength)
    windowOffset = (spec.fftSize - spec.windowLength) / 2
    padLength = spec.isCentered ? spec.fftSize / 2 : 0
  }

  /// Frames of a clip: every window that fits into the padded clip. librosa counts the same.
  func frameCount(samples: Int) -> Int {
    let free = samples + 2 * padLength - spec.fftSize
    return samples > 0 && free >= 0 ? 1 + free / spec.hopLength : 0
  }

  /// Hann's window with period `length`: ½ - ½ cos(2πn / length), computed in double precision.
  private static func hann(length: Int) -> [Float] {
    (0..<length).map { Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(length))) }
  }
}
