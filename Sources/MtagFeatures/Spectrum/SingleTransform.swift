import MtagCore
import MtagKernelTypes

/// Spectra in single precision: each bin carries an error of up to 2e-7 of its frame's loudest bin.
final class SingleTransform: FrameTransform {
  private let spec: FeatureSpec
  private let kernels: FeatureKernels
  private let fft: FFTPlan
  /// The window, without the zeros that surround it in the transform.
  private let window: [Float]
  private let windowOffset: Int

  init(spec: FeatureSpec, kernels: FeatureKernels, windowOffset: Int) throws {
    self.spec = spec
    self.kernels = kernels
    self.windowOffset = windowOffset
    fft = try FFTPlan(size: spec.fftSize)
    window = spec.analysisWindow().map { Float($0) }
  }

  var scratchLength: Int { fft.size }
  var bins: Int { fft.bins }

  func run(
    _ samples: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>,
    scratch frame: UnsafeMutablePointer<Float>
  ) {
    let (offset, length) = (windowOffset, spec.windowLength)
    // The transform destroys its input, so the zeros around a short window are written anew.
    frame.update(repeating: 0, count: offset)
    window.withUnsafeBufferPointer { window in
      guard let window = window.baseAddress else { return }
      if spec.removesFrameMean || spec.frameEmphasis != 0 {
        kernels.centerFrame(
          frame + offset, samples + offset, window, length, spec.removesFrameMean, spec.frameEmphasis)
      } else {
        kernels.applyWindow(frame + offset, samples + offset, window, length)
      }
    }
    let end = offset + length
    (frame + end).update(repeating: 0, count: fft.size - end)
    fft.execute(frame, into: row)
  }

  /// Some plans overwrite the frame; their time does not depend on what is in it.
  func runBare(frames: Int) {
    let frame = AlignedBuffer(count: fft.size)
    let spectrum = AlignedBuffer(count: 2 * fft.bins)
    for index in 0..<fft.size { frame.pointer[index] = index % 2 == 0 ? 0.5 : -0.25 }
    for _ in 0..<frames { fft.execute(frame.pointer, into: spectrum.pointer) }
  }
}

extension FeatureSpec {
  /// The pre-emphasis of each frame by itself; 0 for none.
  package var frameEmphasis: Float { preEmphasisScope == .frame ? preEmphasis : 0 }
}
