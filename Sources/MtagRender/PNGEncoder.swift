internal import CPNG
internal import MtagCore

/// Writes one PNG row by row: the one owner of libpng's writing state.
///
/// Memory is one row and what was compressed and not yet taken: the whole file, if `takeBytes` is never called.
struct PNGEncoder: ~Copyable {
  private static let fault = "no PNG can be made"

  private let state: PNGState
  private let rowBytes: Int

  /// Starts a picture.
  /// - Parameters:
  ///   - path: the name for error messages.
  ///   - width: pixels a row.
  ///   - height: rows.
  ///   - isColor: 8-bit RGB, else 16-bit grey (high byte first).
  ///   - texts: checked keys and values.
  ///   - isFlat: whether large parts have few colours, as figures do: a quarter smaller then.
  ///   - pixelsPerMetre: the size in print; nil leaves it open.
  init(
    path: String, width: Int, height: Int, isColor: Bool, texts: [PNGText], isFlat: Bool = false,
    pixelsPerMetre: Double? = nil
  ) throws {
    let state = try PNGState(mtag_png_writer(), path: path)
    let header = mtag_png_header(state.pointer, UInt32(width), UInt32(height), isColor ? 1 : 0)
    try state.check(header, .internalFault, Self.fault)
    if isFlat { try state.check(mtag_png_no_filter(state.pointer), .internalFault, Self.fault) }
    if let pixelsPerMetre {
      let density = mtag_png_density(state.pointer, UInt32(pixelsPerMetre.rounded()))
      try state.check(density, .internalFault, Self.fault)
    }
    for text in texts {
      try state.check(Self.add(text, to: state.pointer), .internalFault, Self.fault)
    }
    try state.check(mtag_png_begin_rows(state.pointer), .internalFault, Self.fault)
    self.state = state
    rowBytes = width * (isColor ? 3 : 2)
  }

  /// Appends the next row, from the top.
  mutating func append(row: [UInt8]) throws {
    precondition(row.count == rowBytes, "a row has \(rowBytes) bytes, not \(row.count)")
    try state.check(mtag_png_write_row(state.pointer, row), .internalFault, Self.fault)
  }

  /// Passes what is there of the file to `body`, and forgets it.
  mutating func takeBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try body(UnsafeRawBufferPointer(start: state.pointer.pointee.bytes, count: state.pointer.pointee.count))
    state.pointer.pointee.count = 0
  }

  /// Ends the picture and passes the file to `body`, or what of it was not taken yet.
  mutating func finish(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    try state.check(mtag_png_end_writing(state.pointer), .internalFault, Self.fault)
    try body(UnsafeRawBufferPointer(start: state.pointer.pointee.bytes, count: state.pointer.pointee.count))
  }

  // MARK: - Helpers

  private static func add(_ text: PNGText, to state: UnsafeMutablePointer<mtag_png>) -> Int32 {
    let key = text.key.unicodeScalars.map { CChar(bitPattern: UInt8(truncatingIfNeeded: $0.value)) } + [0]
    guard text.isLatin1 else { return mtag_png_text(state, key, text.value, 1) }
    let value = text.value.unicodeScalars.map { CChar(bitPattern: UInt8(truncatingIfNeeded: $0.value)) } + [0]
    return mtag_png_text(state, key, value, 0)
  }
}
