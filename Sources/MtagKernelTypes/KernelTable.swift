/// The hot loops of one instruction-set level, as function values. Everything above calls the loops through this table.
public struct KernelTable: Sendable {
  /// `v4`, `v3` or `base`: what `MTAG_KERNELS` accepts.
  public let level: String
  /// Loops of the feature extractors.
  public let features: FeatureKernels

  /// Makes a table.
  public init(level: String, features: FeatureKernels) {
    self.level = level
    self.features = features
  }
}
