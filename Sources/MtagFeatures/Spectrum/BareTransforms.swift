import MtagCore

/// The Fourier transforms of an extractor's frames and nothing else, to see what the rest of its work costs.
package final class BareTransforms: Sendable {
  private let fft: FFTPlan

  /// Nil if the extractor does not make one spectrum of each frame.
  package init?(of extractor: any FeatureExtractor) throws {
    guard let size = (extractor as? any SpectrumPerFrame)?.transformSize else { return nil }
    fft = try FFTPlan(size: size)
  }

  /// Transforms one prepared frame so many times, with the plan that the extractor itself uses. Some plans overwrite the
  /// frame; their time does not depend on what is in it.
  package func run(frames: Int) {
    let frame = AlignedBuffer(count: fft.size)
    let spectrum = AlignedBuffer(count: 2 * fft.bins)
    for index in 0..<fft.size { frame.pointer[index] = index % 2 == 0 ? 0.5 : -0.25 }
    for _ in 0..<frames { fft.execute(frame.pointer, into: spectrum.pointer) }
  }
}

/// An extractor that makes one spectrum of each frame.
private protocol SpectrumPerFrame {
  /// Samples of one transform.
  var transformSize: Int { get }
}

extension SpectrumExtractor: SpectrumPerFrame {
  fileprivate var transformSize: Int { spec.fftSize }
}
