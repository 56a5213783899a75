import MtagCore

/// The kinds of files that a figure can be.
public enum FigureFormat: String, Sendable, CaseIterable {
  /// Pixels.
  case png
  /// Lines and letters as outlines, so that they look the same everywhere; the spectrogram is an image in it.
  case svg
  /// The same for print, with fonts, so that its words can be searched.
  case pdf

  /// The format that a file name's ending means; upper and lower case are the same.
  /// - Throws: `MtagError` (usage) for any other ending.
  public init(path: String) throws {
    let name = path.split(separator: "/").last ?? ""
    let ending = name.contains(".") ? name.split(separator: ".").last.map { $0.lowercased() } ?? "" : ""
    guard let format = FigureFormat(rawValue: ending) else {
      throw MtagError(.usage, "\(path): a figure's file name ends in .png, .svg or .pdf")
    }
    self = format
  }
}
