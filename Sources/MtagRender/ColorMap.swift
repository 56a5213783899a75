internal import Foundation

/// A table of colours for levels, perceptually even: lightness rises in a straight line, so that equal steps in dB look
/// like equal steps and a print in grey still reads.
public struct ColorMap: Sendable {
  /// 256 colours from the lowest level to the highest, as sRGB bytes.
  public let colors: [SIMD3<UInt8>]

  /// Night blue, violet, rose, orange, straw: the map of our spectrograms.
  public static let ember = ColorMap(
    anchors: [
      Anchor(lightness: 2, chroma: 8, hueDegrees: 280),
      Anchor(lightness: 22, chroma: 44, hueDegrees: 296),
      Anchor(lightness: 42, chroma: 62, hueDegrees: 328),
      Anchor(lightness: 58, chroma: 62, hueDegrees: 18),
      Anchor(lightness: 74, chroma: 52, hueDegrees: 64),
      Anchor(lightness: 88, chroma: 42, hueDegrees: 88),
      Anchor(lightness: 97, chroma: 14, hueDegrees: 100),
    ])

  /// A colour in CIE LCh(ab), white point D65.
  struct Anchor {
    /// L*, 0 (black) to 100 (white).
    let lightness: Double
    /// C*, 0 is grey.
    let chroma: Double
    /// The hue angle.
    let hueDegrees: Double

    /// a* and b*.
    var opponents: SIMD2<Double> {
      let angle = hueDegrees * .pi / 180
      return chroma * SIMD2(cos(angle), sin(angle))
    }
  }

  /// Takes 256 colours as they are.
  init(colors: [SIMD3<UInt8>]) { self.colors = colors }

  /// Makes a table that runs straight from anchor to anchor in CIE L*a*b*, at even steps of lightness.
  init(anchors: [Anchor]) {
    precondition(anchors.count >= 2, "a colour map needs two anchors")
    precondition(
      zip(anchors, anchors.dropFirst()).allSatisfy { $0.lightness < $1.lightness }, "lightness must rise")
    let (first, last) = (anchors[0], anchors[anchors.count - 1])
    colors = (0..<256).map { index in
      let lightness = first.lightness + (last.lightness - first.lightness) * Double(index) / 255
      let upper =
        anchors.indices.dropFirst().first { lightness <= anchors[$0].lightness } ?? anchors.count - 1
      let (from, to) = (anchors[upper - 1], anchors[upper])
      let share = (lightness - from.lightness) / (to.lightness - from.lightness)
      return Self.sRGB(
        lightness: lightness, opponents: from.opponents + (to.opponents - from.opponents) * share)
    }
  }

  /// CIE L*a*b* (D65) to sRGB bytes, clipped to the gamut.
  /// Source: CIE 15 for L*a*b* to XYZ, IEC 61966-2-1 for XYZ to sRGB.
  private static func sRGB(lightness: Double, opponents: SIMD2<Double>) -> SIMD3<UInt8> {
    func cubed(_ value: Double) -> Double {
      let knee = 6.0 / 29
      return value > knee ? value * value * value : 3 * knee * knee * (value - 4.0 / 29)
    }
    let height = (lightness + 16) / 116
    let x = 0.95047 * cubed(height + opponents.x / 500)
    let y = cubed(height)
    let z = 1.08883 * cubed(height - opponents.y / 200)
    let linear = SIMD3(
      3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
      -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
      0.0556434 * x - 0.2040259 * y + 1.0572252 * z)
    var bytes = SIMD3<UInt8>()
    for channel in 0..<3 {
      let value = min(max(linear[channel], 0), 1)
      let encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
      bytes[channel] = UInt8((encoded * 255).rounded())
    }
    return bytes
  }
}
