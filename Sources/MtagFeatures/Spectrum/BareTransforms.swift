/// The Fourier transforms of an extractor's frames and nothing else, to see what the rest of its work costs.
package final class BareTransforms: Sendable {
  private let transform: any FrameTransform

  /// Nil if the extractor does not make one spectrum of each frame.
  package init?(of extractor: any FeatureExtractor) {
    guard let transform = (extractor as? any SpectrumPerFrame)?.transform else { return nil }
    self.transform = transform
  }

  /// Transforms one prepared frame so many times, with the plan that the extractor itself uses.
  package func run(frames: Int) { transform.runBare(frames: frames) }
}
