/// How a figure looks.
public struct FigureOptions: Sendable {
  /// The colours around the picture.
  public enum Theme: String, Sendable, CaseIterable {
    /// Dark text on white.
    case light
    /// Light text on near black.
    case dark
  }

  /// The first line; any text. Line breaks and control characters become spaces, and what is too long for the picture is
  /// left out in its middle.
  public var title: String
  /// The second, smaller line; treated alike. Empty for none.
  public var subtitle: String
  /// The values of the colour bar's two ends; what is beyond them is clipped, and the bar's end is pointed then. Nil lets the
  /// map decide: see `ValueRange`.
  public var range: (low: Float, high: Float)?
  /// The colours around the picture.
  public var theme: Theme
  /// Width and height; text grows with it.
  public var size: FigureSize
  /// Pixels of a PNG per pixel of `size`, 0.5 to 8: the same drawing, finer. SVG and PDF are sharp at any scale.
  public var scale: Double

  /// The scales that there can be.
  static let scales = 0.5...8
  /// The most pixels that a PNG may have: they are in memory at once.
  static let largestPixelCount = 64_000_000

  /// Makes options.
  public init(
    title: String, subtitle: String = "", range: (low: Float, high: Float)? = nil, theme: Theme = .light,
    size: FigureSize = .standard, scale: Double = 1
  ) {
    self.title = title
    self.subtitle = subtitle
    self.range = range
    self.theme = theme
    self.size = size
    self.scale = scale
  }
}
