/// A rectangle of a figure; lengths in its pixels at scale 1, y grows downwards.
package struct Box: Sendable, Hashable {
  /// The left edge.
  package var x: Double
  /// The upper edge.
  package var y: Double
  /// From the left edge to the right.
  package var width: Double
  /// From the upper edge to the lower.
  package var height: Double

  /// Makes a rectangle.
  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The right edge.
  package var right: Double { x + width }
  /// The lower edge.
  package var bottom: Double { y + height }

  /// Whether two rectangles share more than an edge.
  package func overlaps(_ other: Box) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }

  /// Whether another rectangle lies in this one.
  package func contains(_ other: Box) -> Bool {
    other.x >= x && other.y >= y && other.right <= right && other.bottom <= bottom
  }

  /// The rectangle with its edges moved outwards.
  func grown(horizontally: Double, vertically: Double) -> Box {
    Box(
      x: x - horizontally, y: y - vertically, width: width + 2 * horizontally,
      height: height + 2 * vertically)
  }
}
