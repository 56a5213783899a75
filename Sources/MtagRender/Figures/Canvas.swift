internal import CPangoCairo
internal import MtagCore

/// What a figure is drawn on: the one owner of cairo's surface and context, for pixels, SVG or PDF.
struct Canvas: ~Copyable {
  private let surface: OpaquePointer
  private let cairo: OpaquePointer
  private let sink: ByteSink

  /// What cairo writes of a document.
  private final class ByteSink {
    var bytes: [UInt8] = []
  }

  private static let write: cairo_write_func_t = { closure, data, length in
    guard let closure else { return CAIRO_STATUS_WRITE_ERROR }
    let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
    sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
    return CAIRO_STATUS_SUCCESS
  }

  /// Starts an empty canvas of a size in pixels; PDF takes a pixel as 1/96 inch.
  /// - Parameter scale: pixels of a PNG for each.
  /// - Throws: `MtagError` (internalFault) if cairo has no memory.
  init(_ format: FigureFormat, size: FigureSize, scale: Double) throws {
    let sink = ByteSink()
    let closure = Unmanaged.passUnretained(sink).toOpaque()
    let (width, height) = (Double(size.width), Double(size.height))
    let made: OpaquePointer?
    var factor = 1.0
    switch format {
    case .png:
      let (columns, rows) = Self.pixels(size, scale: scale)
      made = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows))
      factor = scale
    case .svg:
      made = cairo_svg_surface_create_for_stream(Self.write, closure, width, height)
      if let made { cairo_svg_surface_set_document_unit(made, CAIRO_SVG_UNIT_PX) }
    case .pdf:
      made = cairo_pdf_surface_create_for_stream(Self.write, closure, 0.75 * width, 0.75 * height)
      factor = 0.75
    }
    guard let made, let cairo = cairo_create(made) else {
      throw MtagError(.internalFault, "cairo does not start: out of memory")
    }
    do {
      try Self.check(cairo, made)
    } catch {
      cairo_destroy(cairo)
      cairo_surface_destroy(made)
      throw error
    }
    cairo_scale(cairo, factor, factor)
    surface = made
    self.cairo = cairo
    self.sink = sink
  }

  deinit {
    cairo_destroy(cairo)
    // May still write to the sink, which is alive until after this.
    cairo_surface_destroy(surface)
    withExtendedLifetime(sink) {}
  }

  /// Pixels of a PNG of a size at a scale.
  static func pixels(_ size: FigureSize, scale: Double) -> (width: Int, height: Int) {
    (Int((Double(size.width) * scale).rounded()), Int((Double(size.height) * scale).rounded()))
  }

  // MARK: - Drawing

  func fill(_ box: Box, _ color: FigurePalette.Color) {
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
    set(color)
    cairo_fill(cairo)
  }

  /// Fills what a line around the points encloses.
  func fill(_ points: [SIMD2<Double>], _ color: FigurePalette.Color) {
    trace(points)
    set(color)
    cairo_fill(cairo)
  }

  /// A line through the points.
  func stroke(_ points: [SIMD2<Double>], _ color: FigurePalette.Color, width: Double) {
    trace(points)
    set(color)
    cairo_set_line_width(cairo, width)
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
    cairo_stroke(cairo)
  }

  /// Stretches an image over a box; its pixels stay crisp.
  func draw(_ image: PixelImage, in box: Box) throws {
    guard let source = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height))
    else { throw MtagError(.internalFault, "cairo makes no image: out of memory") }
    defer { cairo_surface_destroy(source) }
    guard let bytes = cairo_image_surface_get_data(source) else {
      throw MtagError(.internalFault, "cairo makes no image of \(image.width) × \(image.height) pixels")
    }
    cairo_surface_flush(source)
    let stride = Int(cairo_image_surface_get_stride(source))
    image.pixels.withUnsafeBytes { pixels in
      for row in 0..<image.height {
        let part = UnsafeRawBufferPointer(
          rebasing: pixels[row * image.width * 4..<(row + 1) * image.width * 4])
        UnsafeMutableRawBufferPointer(start: bytes + row * stride, count: part.count).copyMemory(from: part)
      }
    }
    cairo_surface_mark_dirty(source)
    cairo_save(cairo)
    cairo_translate(cairo, box.x, box.y)
    cairo_scale(cairo, box.width / Double(image.width), box.height / Double(image.height))
    cairo_set_source_surface(cairo, source, 0, 0)
    cairo_pattern_set_filter(cairo_get_source(cairo), CAIRO_FILTER_NEAREST)
    cairo_rectangle(cairo, 0, 0, Double(image.width), Double(image.height))
    cairo_fill(cairo)
    cairo_restore(cairo)
  }

  func draw(_ label: PlacedLabel, _ color: FigurePalette.Color, _ typesetter: borrowing Typesetter) {
    set(color)
    typesetter.draw(label, on: cairo)
  }

  // MARK: - Ending

  /// Says what a PDF holds, and nothing of when it was made.
  func describe(title: String, subject: String, keywords: String) {
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, subject)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_KEYWORDS, keywords)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "mtag-zoo")
    // What is no date leaves the date out: the same input gives the same bytes.
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "none")
  }

  /// Ends a document: its bytes.
  /// - Throws: `MtagError` (internalFault) if cairo failed anywhere on the way.
  consuming func document() throws -> [UInt8] {
    cairo_show_page(cairo)
    cairo_surface_finish(surface)
    try Self.check(cairo, surface)
    return sink.bytes
  }

  /// Ends a picture: passes its rows to `body` from the top, as RGB bytes.
  /// - Throws: `MtagError` (internalFault) if cairo failed anywhere on the way, and what `body` throws.
  consuming func rows(_ body: ([UInt8]) throws -> Void) throws {
    cairo_surface_flush(surface)
    try Self.check(cairo, surface)
    let (width, height) = (
      Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
    )
    guard let data = cairo_image_surface_get_data(surface) else {
      throw MtagError(.internalFault, "cairo has no pixels")
    }
    let stride = Int(cairo_image_surface_get_stride(surface))
    var bytes = [UInt8](repeating: 0, count: 3 * width)
    for row in 0..<height {
      let pixels = UnsafeRawPointer(data + row * stride)
      for column in 0..<width {
        let pixel = pixels.load(fromByteOffset: 4 * column, as: UInt32.self)
        bytes[3 * column] = UInt8(truncatingIfNeeded: pixel >> 16)
        bytes[3 * column + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
        bytes[3 * column + 2] = UInt8(truncatingIfNeeded: pixel)
      }
      try body(bytes)
    }
  }

  // MARK: - Helpers

  private func set(_ color: FigurePalette.Color) {
    cairo_set_source_rgb(cairo, color.red, color.green, color.blue)
  }

  private func trace(_ points: [SIMD2<Double>]) {
    for point in points { cairo_line_to(cairo, point.x, point.y) }
  }

  private static func check(_ cairo: OpaquePointer, _ surface: OpaquePointer) throws {
    let states = [cairo_status(cairo), cairo_surface_status(surface)]
    guard let bad = states.first(where: { $0 != CAIRO_STATUS_SUCCESS }) else { return }
    throw MtagError(.internalFault, "cairo cannot draw: \(String(cString: cairo_status_to_string(bad)))")
  }
}
