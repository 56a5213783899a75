import MtagCore

/// How channels stand in rows and columns: as many columns as give panels of a pleasant shape.
struct PanelGrid {
  let columns: Int
  /// Height of each panel.
  let panelHeight: Double
  /// Height of the name above each panel.
  let nameHeight: Double

  /// Height over width that looks best.
  private static let shape = 0.42
  private static let leastHeight = 8.0
  static let leastWidth = 24.0

  /// Chooses rows and columns for an area.
  /// - Parameters:
  ///   - panels: how many there are.
  ///   - columns: of how many in a row, if that is known.
  /// - Throws: `MtagError` (usage) if panels would be too small to see.
  init(
    panels: Int, columns wanted: Int? = nil, area: Box, nameHeight: Double, metrics: FigureMetrics
  ) throws {
    var best: (score: Double, columns: Int, height: Double)?
    for columns in wanted.map({ $0...$0 }) ?? 1...max(panels, 1) {
      let rows = (panels + columns - 1) / columns
      let height = (area.height - Double(rows - 1) * metrics.gap) / Double(rows) - nameHeight
      let width = (area.width - Double(columns - 1) * metrics.panelGap) / Double(columns)
      guard height >= Self.leastHeight, width >= Self.leastWidth else { continue }
      let ratio = height / (Self.shape * width)
      // Empty places look like a mistake.
      let score = min(ratio, 1 / ratio) * Double(panels) / Double(rows * columns)
      if score > best?.score ?? 0 { best = (score, columns, height) }
    }
    guard let best else {
      throw MtagError(
        .usage, "\(panels) panels have no room in a figure of this size; ask for a larger one with --size"
      )
    }
    (columns, panelHeight) = (best.columns, best.height)
    self.nameHeight = nameHeight
  }
}
