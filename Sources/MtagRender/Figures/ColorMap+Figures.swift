extension ColorMap {
  /// Deep blue, teal, sand-white: for weights and likenesses, on dark pages.
  public static let tide = ColorMap(
    anchors: [
      Anchor(lightness: 8, chroma: 12, hueDegrees: 278),
      Anchor(lightness: 30, chroma: 30, hueDegrees: 266),
      Anchor(lightness: 55, chroma: 30, hueDegrees: 225),
      Anchor(lightness: 78, chroma: 30, hueDegrees: 178),
      Anchor(lightness: 97, chroma: 5, hueDegrees: 110),
    ])

  /// The same from light to deep, for light pages.
  public static let tideLight = tide.reversed

  /// Blue, white, red: for values on both sides of zero, which is the middle. Both sides grow darker alike.
  public static let balance = ColorMap(
    below: ColorMap(anchors: [
      Anchor(lightness: 28, chroma: 44, hueDegrees: 283),
      Anchor(lightness: 62, chroma: 34, hueDegrees: 262),
      Anchor(lightness: 97, chroma: 2, hueDegrees: 240),
    ]),
    above: ColorMap(anchors: [
      Anchor(lightness: 28, chroma: 50, hueDegrees: 22),
      Anchor(lightness: 62, chroma: 52, hueDegrees: 38),
      Anchor(lightness: 97, chroma: 2, hueDegrees: 70),
    ]).reversed)

  /// Blue, near black, orange: the same for dark pages; both sides grow lighter alike.
  public static let balanceDark = ColorMap(
    below: ColorMap(anchors: [
      Anchor(lightness: 10, chroma: 3, hueDegrees: 270),
      Anchor(lightness: 48, chroma: 42, hueDegrees: 270),
      Anchor(lightness: 88, chroma: 20, hueDegrees: 225),
    ]).reversed,
    above: ColorMap(anchors: [
      Anchor(lightness: 10, chroma: 3, hueDegrees: 30),
      Anchor(lightness: 48, chroma: 54, hueDegrees: 38),
      Anchor(lightness: 88, chroma: 38, hueDegrees: 82),
    ]))

  private var reversed: ColorMap { ColorMap(colors: colors.reversed()) }

  /// Two maps end to end, every second colour of each.
  private init(below: ColorMap, above: ColorMap) {
    let halves = [below, above].map { map in (0..<128).map { map.colors[2 * $0 + $0 / 127] } }
    self.init(colors: halves.flatMap(\.self))
  }
}
