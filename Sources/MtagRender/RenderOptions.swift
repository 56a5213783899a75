/// How a feature map becomes a picture.
public struct RenderOptions: Sendable {
  /// What a pixel holds.
  public enum Depth: String, Sendable, CaseIterable {
    /// 8-bit RGB through `ColorMap.ember`, for people.
    case color8
    /// 16-bit grey, from which `SpectrogramImage.decodeGray16` gives the levels back.
    case gray16
  }

  /// What a pixel holds.
  public var depth: Depth
  /// The levels, in the map's unit (dB), of the darkest and the brightest pixel; what is beyond them is clipped. Nil
  /// takes the map's own least and greatest value.
  public var range: (lowDB: Float, highDB: Float)?

  /// Makes options.
  public init(depth: Depth = .color8, range: (lowDB: Float, highDB: Float)? = nil) {
    self.depth = depth
    self.range = range
  }
}
