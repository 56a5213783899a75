import MtagCore

/// The colours of a figure.
struct FigurePalette {
  /// An opaque sRGB colour, 0 to 1.
  struct Color: Hashable {
    let red: Double
    let green: Double
    let blue: Double

    /// From `0xRRGGBB`.
    init(_ hex: UInt32) {
      red = Double(hex >> 16 & 0xFF) / 255
      green = Double(hex >> 8 & 0xFF) / 255
      blue = Double(hex & 0xFF) / 255
    }

    /// As SVG has it: `#rrggbb`.
    var hexadecimal: String {
      [red, green, blue].reduce(into: "#") { text, part in
        let byte = String(Int((part * 255).rounded()), radix: 16)
        text += byte.count < 2 ? "0" + byte : byte
      }
    }
  }

  /// Behind everything.
  let background: Color
  /// Title and numbers.
  let text: Color
  /// Subtitle and captions.
  let quietText: Color
  /// Marks and frames.
  let line: Color
  /// Lines through a waveform.
  let grid: Color
  /// A waveform's extremes, and its root mean square.
  let wave: Color
  let innerWave: Color
  private let isLight: Bool

  /// The colours of a theme.
  init(_ theme: FigureOptions.Theme) {
    isLight = theme == .light
    background = Color(isLight ? 0xFFFFFF : 0x14161C)
    text = Color(isLight ? 0x1B1F2A : 0xECEEF3)
    quietText = Color(isLight ? 0x5B6474 : 0xA3ABBA)
    line = Color(isLight ? 0x8A93A3 : 0x6B7485)
    grid = Color(isLight ? 0xE4E7EC : 0x2B303B)
    wave = Color(isLight ? 0xD98A5F : 0x9C5A52)
    innerWave = Color(isLight ? 0x9A3B5A : 0xF2B278)
  }

  /// Values of a part, from the lowest to the highest.
  func colorMap(_ part: MapPart) -> ColorMap {
    switch part.meaning {
    case .pitchClass, .tempo: isLight ? .tideLight : .tide
    default: part.range.isSigned ? (isLight ? .balance : .balanceDark) : .ember
    }
  }
}
