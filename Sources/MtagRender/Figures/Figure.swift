public import MtagCore

/// Figures of feature maps for people: axes, colour bar and title around the spectrogram, as PNG, SVG or PDF.
///
/// Bands have equal heights, and marks stand at round Hz, notes, tempi or numbers between their centres. A pixel shows the
/// mean of what it covers (see `MapRaster`), so a cell of the map that is larger than a pixel is a crisp rectangle. Channels
/// are panels of their own, and so are groups of rows, with a colour bar each. A waveform is drawn as its envelope.
/// Memory is that of the picture, whatever the length of the map.
/// The same map and options give the same bytes, on machines with the same fonts.
public enum Figure {
  /// Writes a figure, atomically.
  /// - Parameters:
  ///   - map: `[bands, frames, channels]`, finite values.
  ///   - axes: what its bands, frames and values mean.
  ///   - path: where to write; what was there is replaced.
  ///   - format: nil for what the path's ending says.
  ///   - metadata: keys and values that are put into the file as text; keys of 1 to 79 Latin-1 characters.
  /// - Throws: `MtagError`: badData for an empty map or values that are not finite; usage for a format, size, scale, range
  ///   or key that cannot be; inputMissing if there is no font; cannotCreate or inputOutput for the file.
  public static func write(
    _ map: FeatureMap, axes: MapAxes, to path: String, options: FigureOptions, format: FigureFormat? = nil,
    metadata: [(key: String, value: String)] = []
  ) throws {
    let format = try format ?? FigureFormat(path: path)
    try check(map, axes: axes, options, format, path: path)
    let typesetter = try Typesetter()
    let parts = try MapPart.parts(of: map, axes: axes, wanted: options.range, path: path)
    let layout = try FigureLayout(map, axes: axes, parts: parts, options: options, typesetter: typesetter)
    let palette = FigurePalette(options.theme)
    let painter = FigurePainter(
      map: map, axes: axes, parts: parts, layout: layout, palette: palette)
    let canvas = try Canvas(format, size: options.size, scale: options.scale)
    let images = painter.images(pixelsPerUnit: format == .png ? options.scale : nil)
    if format != .svg {
      canvas.fill(layout.picture, palette.background)
      for image in images { try canvas.draw(image.image, in: image.box) }
    }
    painter.draw(on: canvas, typesetter)
    let words = [options.title, options.subtitle].map(PlainText.line)
    switch format {
    case .png: try writePixels(canvas, options, title: words[0], to: path, metadata)
    case .svg:
      let texts = layout.labels.filter { $0.role != .title && $0.role != .subtitle }.map(\.text)
      let document = SVGDocument(
        drawing: try canvas.document(), background: palette.background, images: images, size: options.size,
        words: words + texts, metadata: metadata)
      try AtomicFile.write(document.text(), to: path)
    case .pdf:
      canvas.describe(
        title: words[0], subject: words[1],
        keywords: metadata.map { "\($0.key): \($0.value)" }.joined(separator: "\n"))
      let bytes = try canvas.document()
      try AtomicFile.write(to: path) { file in try bytes.withUnsafeBytes { try file.append($0) } }
    }
  }

  // MARK: - Helpers

  private static func check(
    _ map: FeatureMap, axes: MapAxes, _ options: FigureOptions, _ format: FigureFormat, path: String
  ) throws {
    guard map.bands > 0, map.frames > 0, map.channels > 0 else {
      throw MtagError(
        .badData, "\(path): a map of \(map.bands) bands × \(map.frames) frames has nothing to draw")
    }
    guard axes.secondsPerFrame > 0, axes.secondsPerFrame.isFinite, axes.firstFrameSeconds.isFinite else {
      throw MtagError(.internalFault, "\(path): frames of \(axes.secondsPerFrame) s have no place on an axis")
    }
    guard FigureOptions.scales.contains(options.scale) else {
      throw MtagError(.usage, "figure scale \(options.scale): choose from 0.5 to 8")
    }
    guard format == .png else { return }
    let (width, height) = Canvas.pixels(options.size, scale: options.scale)
    guard width * height <= FigureOptions.largestPixelCount, max(width, height) <= 32_000 else {
      throw MtagError(
        .usage,
        "a PNG of \(width) × \(height) pixels is too large (64 million at most); ask for less, or for .svg or .pdf"
      )
    }
  }

  private static func writePixels(
    _ canvas: consuming Canvas, _ options: FigureOptions, title: String, to path: String,
    _ metadata: [(key: String, value: String)]
  ) throws {
    let (width, height) = Canvas.pixels(options.size, scale: options.scale)
    var texts = try metadata.map { try PNGText(key: $0.key, value: $0.value) }
    if !title.isEmpty { texts.append(try PNGText(key: "Title", value: title)) }
    var encoder = try PNGEncoder(
      path: path, width: width, height: height, isColor: true, texts: texts, isFlat: true,
      pixelsPerMetre: 96 / 0.0254 * options.scale)
    try canvas.rows { try encoder.append(row: $0) }
    try encoder.finish { file in
      try AtomicFile.write(to: path) { try $0.append(file) }
    }
  }
}
