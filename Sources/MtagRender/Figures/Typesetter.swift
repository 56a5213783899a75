internal import CPangoCairo
internal import MtagCore

/// Measures and draws lines of text: the owner of Pango's context and layout. Belongs to one thread.
struct Typesetter: ~Copyable {
  private let context: OpaquePointer
  private let layout: OpaquePointer

  /// Typefaces in the order of preference; Pango goes on to any other that has a letter.
  private static let families = "Inter, Helvetica Neue, Open Sans, Noto Sans, DejaVu Sans, sans-serif"

  /// Opens the fonts of this machine.
  /// - Throws: `MtagError` (inputMissing) if there is none.
  init() throws {
    guard let fonts = pango_cairo_font_map_get_default(), let context = pango_font_map_create_context(fonts)
    else { throw MtagError(.internalFault, "Pango does not start: out of memory") }
    let description = pango_font_description_from_string(Self.families)
    let font = pango_context_load_font(context, description)
    pango_font_description_free(description)
    guard let font else {
      g_object_unref(UnsafeMutableRawPointer(context))
      throw MtagError(.inputMissing, "no font is installed to write on figures with; run Tools/setup")
    }
    g_object_unref(UnsafeMutableRawPointer(font))
    guard let layout = pango_layout_new(context) else {
      g_object_unref(UnsafeMutableRawPointer(context))
      throw MtagError(.internalFault, "Pango does not start: out of memory")
    }
    // Unhinted widths: the same layout at any scale.
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(context, 0)
    pango_layout_set_single_paragraph_mode(layout, 1)
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_MIDDLE)
    // A title in Arabic stands at the left like any other.
    pango_layout_set_auto_dir(layout, 0)
    self.context = context
    self.layout = layout
  }

  deinit {
    g_object_unref(UnsafeMutableRawPointer(layout))
    g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// Width and height of a line, in pixels.
  func measure(_ text: String, fontSize: Double, isStrong: Bool = false) -> (width: Double, height: Double) {
    set(text, fontSize: fontSize, isStrong: isStrong, width: nil)
    return extent
  }

  /// Draws a label in the current colour, cut off at its box.
  ///
  /// On a surface letters may be a little wider than they were measured: the boxes with numbers that stand for letters without
  /// a font are snapped to its units. Such a line is squeezed into its box; only one that the layout found too long is
  /// shortened.
  func draw(_ label: PlacedLabel, on cairo: OpaquePointer) {
    set(
      label.text, fontSize: label.fontSize, isStrong: label.isStrong,
      width: label.isShortened ? label.box.width : nil)
    cairo_save(cairo)
    // Slanted and accented letters reach a little beyond their line.
    let box = label.box.grown(horizontally: 0.2 * label.fontSize, vertically: 0.1 * label.fontSize)
    cairo_rectangle(cairo, box.x, box.y, box.width, box.height)
    cairo_clip(cairo)
    cairo_move_to(cairo, label.box.x, label.box.y)
    pango_cairo_update_layout(cairo, layout)
    let width = extent.width
    if width > label.box.width, !label.isShortened { cairo_scale(cairo, label.box.width / width, 1) }
    pango_cairo_show_layout(cairo, layout)
    cairo_restore(cairo)
  }

  /// Width and height of the line that was set last.
  private var extent: (width: Double, height: Double) {
    var (width, height): (Int32, Int32) = (0, 0)
    pango_layout_get_size(layout, &width, &height)
    return (Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
  }

  private func set(_ text: String, fontSize: Double, isStrong: Bool, width: Double?) {
    let description = pango_font_description_from_string(Self.families)
    pango_font_description_set_absolute_size(description, fontSize * Double(PANGO_SCALE))
    if isStrong { pango_font_description_set_weight(description, PANGO_WEIGHT_SEMIBOLD) }
    pango_layout_set_font_description(layout, description)
    pango_font_description_free(description)
    // A thousandth more than was measured, so that rounding elides nothing.
    pango_layout_set_width(layout, width.map { Int32(($0 * 1.001 + 0.1) * Double(PANGO_SCALE)) } ?? -1)
    pango_layout_set_text(layout, text, -1)
  }
}

extension PlacedLabel {
  /// Whether it is set in heavier letters.
  var isStrong: Bool { role == .title }
  /// Whether it is set in a quieter colour.
  var isQuiet: Bool {
    switch role {
    case .subtitle, .bandCaption, .timeCaption, .valueCaption: true
    case .title, .channelName, .bandTick, .timeTick, .valueTick: false
    }
  }
}
