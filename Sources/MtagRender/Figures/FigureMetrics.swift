/// Lengths of a figure, in pixels; all grow with the picture.
struct FigureMetrics {
  /// One at 1000 × 480, 0.75 at least.
  let unit: Double

  init(_ size: FigureSize) {
    let (width, height) = (Double(size.width), Double(size.height))
    unit = max(0.75, min((width * height).squareRoot() / 693, width / 420, height / 270))
  }

  var titleSize: Double { 15.5 * unit }
  var textSize: Double { 12 * unit }
  var captionSize: Double { 11.5 * unit }
  /// Around everything.
  var margin: Double { 14 * unit }
  /// Between a mark and its number, and the like.
  var smallGap: Double { 3.5 * unit }
  /// Between parts.
  var gap: Double { 9 * unit }
  /// Between panels side by side and above each other, and from panels to the colour bar.
  var panelGap: Double { 14 * unit }
  var markLength: Double { 4 * unit }
  var lineWidth: Double { unit }
  var barWidth: Double { 12 * unit }
  /// The height of a pointed end of a colour bar.
  var barPoint: Double { 0.75 * barWidth }
}
