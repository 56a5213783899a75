internal import CPNG
internal import Foundation
internal import MtagCore

/// Reads one PNG of the two kinds that `SpectrogramImage` writes, row by row.
package struct PNGDecoder: ~Copyable {
  /// Pixels a row.
  package let width: Int
  /// Rows.
  package let height: Int
  /// Bytes a row: 16-bit grey, high byte first, or 8-bit RGB.
  package let rowBytes: Int

  private static let fault = "is no readable PNG"

  private let state: PNGState

  /// Reads the header.
  /// - Parameters:
  ///   - path: the file.
  ///   - isColor: whether it must be 8-bit RGB, else 16-bit grey.
  /// - Throws: `MtagError` naming the file: inputMissing, or badData if it is no PNG of that kind, or claims more
  ///   pixels than a file of its size can hold.
  package init(path: String, isColor: Bool) throws {
    let size = try InputFile.sizeBytes(path)
    guard let file = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw MtagError(.inputMissing, "\(path): cannot be read; check its permissions")
    }
    let made = file.withUnsafeBytes { bytes in
      mtag_png_reader(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    let state = try PNGState(made, path: path)
    try state.check(mtag_png_read_header(state.pointer), .badData, Self.fault)
    let header = state.pointer.pointee
    let (depth, color) = isColor ? (8, PNG_COLOR_TYPE_RGB) : (16, PNG_COLOR_TYPE_GRAY)
    guard header.depth == depth, header.color == color, header.interlace == PNG_INTERLACE_NONE else {
      let kind = isColor ? "8-bit RGB" : "16-bit grey"
      throw MtagError(.badData, "\(path): is no \(kind) PNG; render it anew with mtag-zoo")
    }
    let (width, height) = (Int(header.width), Int(header.height))
    // Deflate packs at most 1032 bytes into one (zlib's technical notes); each row adds a filter byte.
    let rowBytes = width * (isColor ? 3 : 2)
    let pixelBytes = height.multipliedReportingOverflow(by: rowBytes + 1)
    guard !pixelBytes.overflow, pixelBytes.partialValue / 1032 <= size else {
      throw MtagError(
        .badData,
        "\(path): claims \(width) × \(height) pixels, which \(size) bytes cannot hold; the file is damaged")
    }
    self.width = width
    self.height = height
    self.rowBytes = rowBytes
    self.state = state
  }

  /// The next row from the top, `rowBytes` bytes.
  package mutating func readRow(into row: inout [UInt8]) throws {
    precondition(row.count == rowBytes, "a row has \(rowBytes) bytes, not \(row.count)")
    try state.check(mtag_png_read_row(state.pointer, &row), .badData, Self.fault)
  }

  /// Reads what follows the rows and gives all texts of the file; of equal keys the last one.
  package mutating func finish() throws -> [String: String] {
    try state.check(mtag_png_end_reading(state.pointer), .badData, Self.fault)
    var texts: [String: String] = [:]
    for index in 0..<mtag_png_text_count(state.pointer) {
      var value: UnsafePointer<CChar>?
      var length = 0
      var isUTF8: Int32 = 0
      guard let key = mtag_png_text_at(state.pointer, index, &value, &length, &isUTF8) else { continue }
      let bytes = UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : length)
      texts[Self.latin1(UnsafeRawBufferPointer(start: key, count: strlen(key)))] =
        isUTF8 != 0 ? String(decoding: bytes, as: UTF8.self) : Self.latin1(bytes)
    }
    return texts
  }

  // MARK: - Helpers

  private static func latin1(_ bytes: UnsafeRawBufferPointer) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
    return text
  }
}
