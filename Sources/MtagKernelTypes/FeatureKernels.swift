/// Hot loops of the feature extractors.
public struct FeatureKernels: Sendable {
  /// `out[i] = samples[i] * window[i]`, for `count` values.
  public let applyWindow:
    @Sendable (
      _ out: UnsafeMutablePointer<Float>, _ samples: UnsafePointer<Float>, _ window: UnsafePointer<Float>,
      _ count: Int
    ) -> Void

  /// Collects the loops of one level.
  public init(
    applyWindow:
      @escaping @Sendable (
        UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int
      ) -> Void
  ) {
    self.applyWindow = applyWindow
  }
}
