import MtagCore

/// Width and height of a figure in pixels at scale 1, which browsers take as 1/96 inch.
public struct FigureSize: Sendable, Hashable {
  /// Pixels from left to right.
  public let width: Int
  /// Pixels from top to bottom.
  public let height: Int

  /// Fits a README and half a slide.
  public static let standard = FigureSize(checkedWidth: 1000, height: 480)
  /// The widths and heights that there can be: below, axes leave no room for a picture.
  private static let widths = 300...16_000
  private static let heights = 200...16_000

  /// Makes a size.
  /// - Throws: `MtagError` (usage) if it is below 300 × 200 or a side is above 16,000.
  public init(width: Int, height: Int) throws {
    guard Self.widths.contains(width), Self.heights.contains(height) else {
      throw MtagError(
        .usage, "figure size \(width)x\(height): choose from 300x200 to 16000x16000 pixels")
    }
    self.init(checkedWidth: width, height: height)
  }

  /// Reads `1200x600`.
  /// - Throws: `MtagError` (usage) if the text is no size or one that cannot be.
  public init(_ text: String) throws {
    let sides = text.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1] else {
      throw MtagError(.usage, "figure size '\(text)' is not WIDTHxHEIGHT in pixels, such as 1200x600")
    }
    try self.init(width: width, height: height)
  }

  private init(checkedWidth width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
