public import ArgumentParser
public import MtagRender
import MtagZoo

/// How figures look.
struct FigureLookOptions: ParsableArguments {
  @Option(help: "The title (default: the file's name).")
  var title: String?

  @Option(help: "Colours around the picture: light or dark (default: light).")
  var theme: FigureOptions.Theme?

  @Option(
    help: ArgumentHelp(
      "Width and height in pixels, from 300x200 up; text grows with it (default: 1000x480).",
      valueName: "widthxheight"))
  var size: String?

  @Option(help: "Pixels of a PNG per pixel of --size: the same drawing, finer; 0.5 to 8 (default: 1).")
  var scale: Double?

  @Option(help: "For a folder: png, svg or pdf (default: png).")
  var format: FigureFormat?

  /// An option that was given, if any.
  var named: String? {
    let given = [
      ("--title", title != nil), ("--theme", theme != nil), ("--size", size != nil),
      ("--scale", scale != nil),
      ("--format", format != nil),
    ]
    return given.first { $0.1 }?.0
  }

  func request() throws -> FigureRequest {
    FigureRequest(
      title: title, theme: theme ?? .light, size: try size.map { try FigureSize($0) } ?? .standard,
      scale: scale ?? 1, format: format)
  }
}

extension FigureOptions.Theme: ExpressibleByArgument {}
extension FigureFormat: ExpressibleByArgument {}
