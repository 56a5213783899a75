package import MtagCore

/// Where everything of a figure stands. Nothing that is in `labels` overlaps another label or leaves the picture: a number that
/// would is left out together with its mark.
package struct FigureLayout: Sendable {
  /// The picture of one channel, or of one of its groups of rows.
  package struct Panel: Sendable, Hashable {
    /// The channel of the map.
    package let channel: Int
    /// The group of rows; 0 if there are none.
    package let part: Int
    /// Where its image or waveform stands, on whole pixels of the file.
    package let box: Box
  }

  /// A short line at an axis, with the place of its other end.
  struct Mark: Sendable, Hashable {
    let x: Double
    let y: Double
    let endX: Double
    let endY: Double
  }

  /// The whole picture.
  package let picture: Box
  /// All texts.
  package internal(set) var labels: [PlacedLabel] = []
  /// All channels of all groups, the first group uppermost.
  package internal(set) var panels: [Panel] = []
  /// The colour bars, one for each group of rows, without their pointed ends; none for a waveform.
  package internal(set) var bars: [Box] = []
  var marks: [Mark] = []
  /// Heights of lines through a waveform.
  var gridShares: [Double] = []
  let metrics: FigureMetrics
  private let pixelsPerUnit: Double

  /// Places a map's panels, axes, colour bar and texts.
  /// - Throws: `MtagError`: usage if the size has no room for the channels, internalFault if axes do not fit the map.
  package init(_ map: FeatureMap, axes: MapAxes, options: FigureOptions, path: String) throws {
    let parts = try MapPart.parts(of: map, axes: axes, wanted: options.range, path: path)
    try self.init(map, axes: axes, parts: parts, options: options, typesetter: Typesetter())
  }

  init(
    _ map: FeatureMap, axes: MapAxes, parts: [MapPart], options: FigureOptions,
    typesetter: borrowing Typesetter
  ) throws {
    metrics = FigureMetrics(options.size)
    pixelsPerUnit = options.scale
    picture = Box(x: 0, y: 0, width: Double(options.size.width), height: Double(options.size.height))
    let content = FigureContent(map, axes: axes, parts: parts)
    var room = picture.grown(horizontally: -metrics.margin, vertically: -metrics.margin)
    placeHeader(options, content, in: &room, typesetter)
    cutFooter(from: &room, typesetter)
    let grid = try PanelGrid(
      panels: map.channels * parts.count, columns: parts.count > 1 ? map.channels : nil, area: room,
      nameHeight: content.hasNames ? lineHeight(typesetter) : 0,
      metrics: metrics)
    let line = lineHeight(typesetter)
    let barLength = parts.count > 1 ? grid.panelHeight : room.height
    let valueTicks = parts.map { content.valueTicks($0, length: barLength, lineHeight: line) }
    let bandTicks = parts.map { content.bandTicks($0, height: grid.panelHeight, lineHeight: line) }
    let gutter = widest(bandTicks.flatMap(\.self), typesetter) + metrics.smallGap + metrics.markLength
    var inner = room
    inner.x += gutter
    inner.width -= gutter
    if content.hasBar {
      inner.width -=
        widest(valueTicks.flatMap(\.self), typesetter) + metrics.smallGap + metrics.markLength
        + metrics.barWidth
        + metrics.panelGap
    }
    try placePanels(content, grid: grid, in: inner, typesetter)
    placeCaptions(content, above: inner, typesetter)
    placeBands(bandTicks, typesetter)
    placeTimes(content.times, typesetter)
    if content.hasBar {
      placeBars(valueTicks, content, beside: inner, typesetter)
    } else {
      gridShares = bandTicks.flatMap { $0.map(\.share) }
    }
  }

  // MARK: - Helpers for the parts

  /// The nearest edge of the file's pixels.
  func snapped(_ length: Double) -> Double { (length * pixelsPerUnit).rounded() / pixelsPerUnit }

  /// The nearest middle of them: where a line of one pixel does not blur into two.
  func crisp(_ length: Double) -> Double {
    ((length * pixelsPerUnit).rounded(.down) + 0.5) / pixelsPerUnit
  }

  /// The height of a line of numbers.
  func lineHeight(_ typesetter: borrowing Typesetter) -> Double {
    typesetter.measure("0", fontSize: metrics.textSize).height
  }

  /// The width of the widest number.
  func widest(_ ticks: [Tick], _ typesetter: borrowing Typesetter) -> Double {
    var widest = 0.0
    for tick in ticks {
      widest = max(widest, typesetter.measure(tick.text, fontSize: metrics.textSize).width)
    }
    return widest
  }

  /// Adds a label, if it is in the picture and overlaps none.
  /// - Parameter width: of the whole text, if that may be more than its box's.
  /// - Returns: whether it was added.
  @discardableResult
  mutating func place(
    _ role: PlacedLabel.Role, _ text: String, _ box: Box, width: Double? = nil, fontSize: Double
  )
    -> Bool
  {
    guard !text.isEmpty, picture.contains(box) else { return false }
    let grown = box.grown(horizontally: metrics.smallGap / 2, vertically: 0)
    guard !labels.contains(where: { $0.box.overlaps(grown) }) else { return false }
    let isShortened = (width ?? box.width) > box.width
    labels.append(
      PlacedLabel(role: role, text: text, box: box, isShortened: isShortened, fontSize: fontSize))
    return true
  }
}
