import Foundation
import MtagCore

/// Completes what cairo wrote as SVG: title, description and metadata for people and programs, and the images below the lines.
///
/// cairo writes letters as outlines, which look the same everywhere and say nothing to a search or a screen reader; the
/// title and the description do. The images are put in here because cairo cannot mark them as crisp.
struct SVGDocument {
  /// The document as cairo wrote it.
  let drawing: [UInt8]
  let background: FigurePalette.Color
  let images: [FigurePainter.PlacedImage]
  let size: FigureSize
  /// First the title.
  let words: [String]
  let metadata: [(key: String, value: String)]

  /// The whole file.
  /// - Throws: `MtagError` (internalFault) if cairo's document does not begin as one.
  func text() throws -> String {
    let drawing = String(decoding: drawing, as: UTF8.self)
    guard let tag = drawing.range(of: "<svg "),
      let end = drawing.range(of: ">", range: tag.upperBound..<drawing.endIndex)
    else { throw MtagError(.internalFault, "cairo wrote no SVG") }
    // cairo numbers its surfaces over the life of a program: the same figure would have other bytes the second time.
    let body = drawing[end.upperBound...].replacing(/id="surface[0-9]+"/, with: "id=\"figure\"")
    return try drawing[..<end.upperBound] + prelude() + body
  }

  private func prelude() throws -> String {
    var lines = ["", "<title>\(Self.escaped(words.first ?? ""))</title>"]
    lines.append("<desc>\(Self.escaped(words.dropFirst().joined(separator: "; ")))</desc>")
    lines.append("<metadata>")
    lines += metadata.map { "\(Self.escaped($0.key)): \(Self.escaped($0.value))" }
    lines.append("</metadata>")
    lines.append(
      "<rect width=\"\(size.width)\" height=\"\(size.height)\" fill=\"\(background.hexadecimal)\"/>")
    for image in images { lines.append(try element(image)) }
    return lines.joined(separator: "\n")
  }

  /// An image with its pixels in it.
  private func element(_ placed: FigurePainter.PlacedImage) throws -> String {
    let (image, box) = (placed.image, placed.box)
    var encoder = try PNGEncoder(
      path: "figure", width: image.width, height: image.height, isColor: true, texts: [], isFlat: true)
    var row = [UInt8](repeating: 0, count: 3 * image.width)
    for index in 0..<image.height {
      image.fillRow(index, &row)
      try encoder.append(row: row)
    }
    var data = ""
    try encoder.finish { data = Data($0).base64EncodedString() }
    return "<image x=\"\(box.x)\" y=\"\(box.y)\" width=\"\(box.width)\" height=\"\(box.height)\" "
      + "preserveAspectRatio=\"none\" style=\"image-rendering:\(placed.isCrisp ? "pixelated" : "auto")\" "
      + "xlink:href=\"data:image/png;base64,\(data)\"/>"
  }

  /// Text as XML has it; control characters, which XML cannot hold, become spaces.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 32 || (scalar.value & 0xFFFE) == 0xFFFE: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}
