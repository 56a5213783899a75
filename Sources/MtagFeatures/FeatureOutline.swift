/// What can be said of a spec's maps without making its extractor: no filters are computed and no transforms planned.
public struct FeatureOutline: Sendable {
  /// The contract.
  public let spec: FeatureSpec
  /// Bands and channels of every map.
  public let shape: MapShape
  private let frameCount: @Sendable (Int) -> Int
  private let multiplyAccumulates: @Sendable (FeatureSpec) throws -> Double

  init(
    spec: FeatureSpec, shape: MapShape, frameCount: @escaping @Sendable (Int) -> Int,
    multiplyAccumulates: @escaping @Sendable (FeatureSpec) throws -> Double
  ) {
    self.spec = spec
    self.shape = shape
    self.frameCount = frameCount
    self.multiplyAccumulates = multiplyAccumulates
  }

  /// Columns of the map for a clip of `samples` samples at the spec's rate: the extractor's `frameCount`.
  public func frameCount(samples: Int) -> Int { frameCount(samples) }

  /// What a frame costs: the extractor's `multiplyAccumulatesPerFrame`.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  public func multiplyAccumulatesPerFrame() throws -> Double { try multiplyAccumulates(spec) }

  /// The fewest samples that give `frames` frames; 0 for no frames.
  public func fewestSamples(frames: Int) -> Int { Self.fewestSamples(frames: frames, frameCount) }

  /// The same for any count that never falls as clips grow.
  static func fewestSamples(frames: Int, _ frameCount: (_ samples: Int) -> Int) -> Int {
    guard frames > 0 else { return 0 }
    var enough = 1
    while frameCount(enough) < frames { enough *= 2 }
    var tooFew = enough / 2
    while enough - tooFew > 1 {
      let middle = (enough + tooFew) / 2
      if frameCount(middle) < frames { tooFew = middle } else { enough = middle }
    }
    return enough
  }
}
