import MtagCore
import MtagKernelTypes

/// Spectra transformed in double precision and then rounded to single, as librosa's are: each bin is right to 1e-7 of itself,
/// however far below its frame's loudest bin it lies.
final class DoubleTransform: FrameTransform {
  private let spec: FeatureSpec
  private let kernels: FeatureKernels
  private let fft: DoubleFFTPlan
  /// The window, without the zeros that surround it in the transform.
  private let window: [Double]
  private let windowOffset: Int

  init(spec: FeatureSpec, kernels: FeatureKernels, windowOffset: Int) throws {
    self.spec = spec
    self.kernels = kernels
    self.windowOffset = windowOffset
    fft = try DoubleFFTPlan(size: spec.fftSize)
    window = spec.analysisWindow()
  }

  /// The frame, rounded up to whole cache lines, and the spectrum; a double is as long as two floats.
  var scratchLength: Int { 2 * (frameLength + 2 * fft.bins) }
  var bins: Int { fft.bins }

  private var frameLength: Int { (fft.size + 7) / 8 * 8 }

  func run(
    _ samples: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
  ) {
    scratch.withMemoryRebound(to: Double.self, capacity: scratchLength / 2) { frame in
      let (offset, end, spectrum) = (windowOffset, windowOffset + spec.windowLength, frame + frameLength)
      // The transform destroys its input, so the zeros around a short window are written anew.
      frame.update(repeating: 0, count: offset)
      window.withUnsafeBufferPointer { window in
        guard let window = window.baseAddress else { return }
        kernels.windowInDouble(
          frame + offset, samples + offset, window, spec.windowLength, spec.removesFrameMean,
          spec.frameEmphasis)
      }
      (frame + end).update(repeating: 0, count: fft.size - end)
      fft.execute(frame, into: spectrum)
      kernels.roundToSingle(row, spectrum, 2 * fft.bins)
    }
  }

  /// Some plans overwrite the frame; their time does not depend on what is in it.
  func runBare(frames: Int) {
    let scratch = AlignedBuffer(count: scratchLength)
    scratch.pointer.withMemoryRebound(to: Double.self, capacity: scratchLength / 2) { frame in
      for index in 0..<fft.size { frame[index] = index % 2 == 0 ? 0.5 : -0.25 }
      for _ in 0..<frames { fft.execute(frame, into: frame + frameLength) }
    }
  }
}
