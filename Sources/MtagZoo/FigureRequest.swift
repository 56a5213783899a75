import MtagCore
import MtagFeatures
public import MtagRender

/// What a user wants of figures, whatever the clip.
public struct FigureRequest: Sendable {
  /// The title; nil for the clip's file name.
  public var title: String?
  /// The colours around the picture.
  public var theme: FigureOptions.Theme
  /// Width and height in pixels at scale 1.
  public var size: FigureSize
  /// Pixels of a PNG per pixel of `size`.
  public var scale: Double
  /// The kind of file; nil for what the output's ending says, or PNG for a folder.
  public var format: FigureFormat?

  /// Makes a request.
  public init(
    title: String? = nil, theme: FigureOptions.Theme = .light, size: FigureSize = .standard,
    scale: Double = 1,
    format: FigureFormat? = nil
  ) {
    self.title = title
    self.theme = theme
    self.size = size
    self.scale = scale
    self.format = format
  }

  /// The options of one clip's figure.
  func options(clip: String, extractor: any FeatureExtractor, range: (low: Float, high: Float)?) throws
    -> FigureOptions
  {
    FigureOptions(
      title: title ?? clip.split(separator: "/").last.map(String.init) ?? clip,
      subtitle: try Self.words(extractor), range: range, theme: theme, size: size, scale: scale)
  }

  /// The spec in words, such as `melspec · 128 mel bands, 22,050 Hz, window 2048, hop 512`.
  static func words(_ extractor: any FeatureExtractor) throws -> String {
    let spec = extractor.spec
    let text = try spec.canonicalText()
    func reads(_ field: String) -> Bool { text.contains("\n\(field)=") || text.hasPrefix("\(field)=") }
    var parts: [String] = []
    switch extractor.axes.bands {
    case .frequency: parts.append("\(grouped(extractor.bands)) \(reads("melScale") ? "mel " : "")bands")
    case .pitch: parts.append("\(grouped(extractor.bands)) bands")
    case .pitchClass: parts.append("\(extractor.bands) pitch classes")
    case .tempo: parts.append("\(grouped(extractor.bands)) lags")
    case .frequencyRange:
      parts.append(counted(extractor.bands, reads("contrast.lowestHz") ? "octave band" : "band"))
    case .index(let name, _): parts.append(counted(extractor.bands, name))
    case .groups(_, let groups): parts += groups.map { "\(grouped($0.rows)) \($0.name)" }
    case .amplitude: break
    }
    if extractor.channels > 1 { parts.append("\(extractor.channels) channels") }
    parts.append("\(grouped(spec.sampleRateHz)) Hz")
    if reads("windowLength") { parts.append("window \(spec.windowLength)") }
    if reads("hopLength") { parts.append("hop \(spec.hopLength)") }
    return "\(spec.name) · \(parts.joined(separator: ", "))"
  }

  /// A number of things, such as `20 coefficients`.
  private static func counted(_ number: Int, _ name: String) -> String {
    "\(grouped(number)) \(name)\(number == 1 ? "" : "s")"
  }

  /// A number with commas between thousands.
  private static func grouped(_ number: Int) -> String {
    let digits = Array(String(number))
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0, text.last != "-" { text += "," }
      text.append(digit.element)
    }
  }
}
