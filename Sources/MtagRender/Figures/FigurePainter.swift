import MtagCore

/// Draws what a layout has placed.
struct FigurePainter {
  let map: FeatureMap
  let axes: MapAxes
  let parts: [MapPart]
  let layout: FigureLayout
  let palette: FigurePalette

  /// An image and where it stands.
  struct PlacedImage {
    let image: PixelImage
    let box: Box
    /// Whether its cells are larger than pixels at scale 1, so that a viewer should not smooth them.
    let isCrisp: Bool
  }

  private var isWaveform: Bool { axes.bands == .amplitude }

  /// The images of panels and colour bar.
  /// - Parameter pixelsPerUnit: of a PNG, whose images have exactly its pixels; nil for documents, whose images keep the map's
  ///   own cells as far as a reader can see them.
  func images(pixelsPerUnit: Double?) -> [PlacedImage] {
    guard !isWaveform else { return [] }
    var images = layout.panels.map { panel in
      let part = parts[panel.part]
      let raster = MapRaster(map: map, channel: panel.channel, part: part)
      let size =
        pixelsPerUnit.map {
          (width: Self.pixels(panel.box.width * $0), height: Self.pixels(panel.box.height * $0))
        } ?? documentSize(panel.box, part)
      let isCrisp = Double(map.frames) <= panel.box.width && Double(part.rows.count) <= panel.box.height
      let colors = palette.colorMap(part).pixels
      return PlacedImage(
        image: raster.image(width: size.width, height: size.height, colors: colors), box: panel.box,
        isCrisp: isCrisp)
    }
    for (part, bar) in zip(parts, layout.bars) {
      let (range, colors) = (part.range, palette.colorMap(part).pixels)
      var strip = PixelImage(width: 1, height: 256)
      for row in 0..<256 { strip.pixels[row] = range.low < range.high ? colors[255 - row] : colors[0] }
      images.append(PlacedImage(image: strip, box: bar, isCrisp: true))
    }
    return images
  }

  /// Draws everything but the background and the images.
  func draw(on canvas: borrowing Canvas, _ typesetter: borrowing Typesetter) {
    if isWaveform { for panel in layout.panels { drawWave(panel, on: canvas) } }
    let width = layout.metrics.lineWidth
    for box in layout.panels.map(\.box) where !isWaveform { frame(box, on: canvas) }
    for (part, bar) in zip(parts, layout.bars) { drawBar(bar, of: part, on: canvas) }
    for mark in layout.marks {
      canvas.stroke(
        [SIMD2(mark.x, mark.y), SIMD2(mark.endX, mark.endY)], palette.line, width: width)
    }
    for label in layout.labels {
      canvas.draw(label, label.isQuiet ? palette.quietText : palette.text, typesetter)
    }
  }

  // MARK: - Parts

  private func frame(_ box: Box, on canvas: borrowing Canvas) {
    canvas.stroke(
      [
        SIMD2(box.x, box.y), SIMD2(box.right, box.y), SIMD2(box.right, box.bottom), SIMD2(box.x, box.bottom),
        SIMD2(box.x, box.y), SIMD2(box.right, box.y),
      ], palette.line, width: 0.5 * layout.metrics.lineWidth)
  }

  /// The bar's outline, and points at ends beyond which there are values.
  private func drawBar(_ bar: Box, of part: MapPart, on canvas: borrowing Canvas) {
    let (range, colors) = (part.range, palette.colorMap(part).colors)
    let point = layout.metrics.barPoint
    let ends = [
      (isClipped: range.clipsHigh, y: bar.y, tip: bar.y - point, color: colors[255]),
      (isClipped: range.clipsLow, y: bar.bottom, tip: bar.bottom + point, color: colors[0]),
    ]
    for end in ends where end.isClipped {
      let corners = [SIMD2(bar.x, end.y), SIMD2(bar.x + bar.width / 2, end.tip), SIMD2(bar.right, end.y)]
      canvas.fill(corners, FigurePalette.Color(end.color))
      canvas.stroke(corners, palette.line, width: 0.5 * layout.metrics.lineWidth)
    }
    frame(bar, on: canvas)
  }

  /// A waveform: the area between its extremes, in it ± its root mean square; or its line, where samples are few.
  private func drawWave(_ panel: FigureLayout.Panel, on canvas: borrowing Canvas) {
    let box = panel.box
    let ends = FigureContent.amplitudeEnds(parts[panel.part].range)
    func y(_ value: Double) -> Double {
      box.bottom - min(max((value - ends.low) / (ends.high - ends.low), 0), 1) * box.height
    }
    for share in layout.gridShares {
      let height = box.bottom - share * box.height
      canvas.stroke(
        [SIMD2(box.x, height), SIMD2(box.right, height)], palette.grid, width: layout.metrics.lineWidth)
    }
    // Two stretches a pixel at scale 1: as fine as a screen of twice the density.
    let envelope = Envelope(map, channel: panel.channel, count: Int(2 * box.width))
    let stretches = envelope.stretches
    let width = box.width / Double(stretches.count)
    if stretches.count == map.frames {
      let line = stretches.enumerated().map {
        SIMD2(box.x + (Double($0.offset) + 0.5) * width, y(Double($0.element.greatest)))
      }
      let dot = layout.metrics.unit
      for point in line where line.count < Int(box.width / (8 * layout.metrics.unit)) {
        canvas.fill(
          Box(x: point.x - 2 * dot, y: point.y - 2 * dot, width: 4 * dot, height: 4 * dot), palette.innerWave)
      }
      canvas.stroke(line, palette.innerWave, width: 1.2 * layout.metrics.lineWidth)
      return
    }
    /// The outline of stretches from `low` to `high`, at least half a line high so that silence is seen.
    func outline(_ low: (Envelope.Stretch) -> Double, _ high: (Envelope.Stretch) -> Double) -> [SIMD2<Double>]
    {
      let least = 0.25 * layout.metrics.lineWidth
      var (upper, lower): ([SIMD2<Double>], [SIMD2<Double>]) = ([], [])
      for (index, stretch) in stretches.enumerated() {
        let x = box.x + (Double(index) + 0.5) * width
        upper.append(SIMD2(x, y(high(stretch)) - least))
        lower.append(SIMD2(x, y(low(stretch)) + least))
      }
      return upper + lower.reversed()
    }
    canvas.fill(outline({ Double($0.least) }, { Double($0.greatest) }), palette.wave)
    canvas.fill(
      outline(
        { max(-$0.meanSquare.squareRoot(), Double($0.least)) },
        { min($0.meanSquare.squareRoot(), Double($0.greatest)) }),
      palette.innerWave)
  }

  // MARK: - Helpers

  private static func pixels(_ length: Double) -> Int { max(Int(length.rounded()), 1) }

  /// At least three pixels to each at scale 1: a cell of the map is a block of so many that a viewer who smooths blurs its edge
  /// alone, and of a map with more cells than that nobody sees more.
  private func documentSize(_ box: Box, _ part: MapPart) -> (width: Int, height: Int) {
    func size(_ cells: Int, _ length: Double) -> Int {
      let finest = 3 * Self.pixels(length)
      return cells >= finest ? finest : cells * ((finest + cells - 1) / cells)
    }
    return (
      size(map.frames, box.width),
      part.scale.isResampled ? 3 * Self.pixels(box.height) : size(part.rows.count, box.height)
    )
  }
}

extension FigurePalette.Color {
  /// From sRGB bytes.
  init(_ bytes: SIMD3<UInt8>) { self.init(UInt32(bytes.x) << 16 | UInt32(bytes.y) << 8 | UInt32(bytes.z)) }
}
