import Foundation
public import MtagCore

/// Feature maps as NumPy reads and writes them: `.npy` version 1.0, little-endian float32, C order, shape
/// `[bands, frames]`. Source: NumPy's description of the format, `numpy.lib.format`.
public enum NPYFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  /// The header's length is chosen so that the values start at a multiple of this.
  private static let alignmentBytes = 64

  /// Writes a map; `numpy.load(path)` gives a float32 array of shape `(bands, frames)`.
  /// - Throws: `MtagError` (cannotCreate, inputOutput).
  public static func write(_ map: FeatureMap, to path: String) throws {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(map.bands), \(map.frames)), }"
    let prefixLength = magic.count + 2
    let unpadded = prefixLength + header.utf8.count + 1
    header +=
      String(repeating: " ", count: (alignmentBytes - unpadded % alignmentBytes) % alignmentBytes) + "\n"
    let length = header.utf8.count
    let head = magic + [UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
    try AtomicFile.write(to: path) { handle in
      try head.withUnsafeBytes { try handle.append($0) }
      #if _endian(little)
        try map.values.withUnsafeBytes { try handle.append($0) }
      #else
        try map.values.map(\.bitPattern.littleEndian).withUnsafeBytes { try handle.append($0) }
      #endif
    }
  }

  /// Reads a map that `write` or NumPy wrote. Memory is that of the file, whatever its header claims.
  /// - Throws: `MtagError` (inputMissing if it cannot be opened; badData if it is no version 1.0 file of little-endian
  ///   float32 in C order with two dimensions, or its length is not what the header says).
  public static func read(_ path: String) throws -> FeatureMap {
    _ = try InputFile.sizeBytes(path)
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe) else {
      throw MtagError(.inputMissing, "\(path) cannot be read; check the path and its permissions")
    }
    let prefixLength = magic.count + 2
    guard bytes.count >= prefixLength, bytes.prefix(magic.count).elementsEqual(magic) else {
      throw MtagError(.badData, "\(path) is no .npy file of version 1.0; save it with numpy.save")
    }
    let headerLength = Int(bytes[magic.count]) | Int(bytes[magic.count + 1]) << 8
    let start = prefixLength + headerLength
    guard bytes.count >= start else {
      throw MtagError(
        .badData, "\(path) ends inside its header of \(headerLength) bytes; the file is truncated")
    }
    let (bands, frames) = try shape(header: bytes[prefixLength..<start], path: path)
    let (values, tooMany) = bands.multipliedReportingOverflow(by: frames)
    guard !tooMany, (bytes.count - start) % 4 == 0, (bytes.count - start) / 4 == values else {
      throw MtagError(
        .badData,
        "\(path) holds \(bytes.count - start) bytes of values, not the \(bands) × \(frames) × 4 of its header"
      )
    }
    return FeatureMap(bands: bands, frames: frames, values: floats(bytes[start...], count: values))
  }

  private static func floats(_ bytes: Data, count: Int) -> [Float] {
    bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
      }
    }
  }

  private static func shape(header: Data, path: String) throws -> (bands: Int, frames: Int) {
    guard let text = String(data: header, encoding: .ascii), let fields = NPYHeader(text) else {
      throw MtagError(.badData, "\(path) has an unreadable .npy header; save it with numpy.save")
    }
    guard fields.description == "<f4", !fields.isFortranOrder else {
      throw MtagError(
        .badData,
        "\(path) holds '\(fields.description)' in \(fields.isFortranOrder ? "Fortran" : "C") order; "
          + "save it as numpy.ascontiguousarray(array, dtype='<f4')")
    }
    guard fields.shape.count == 2 else {
      throw MtagError(
        .badData, "\(path) has \(fields.shape.count) dimensions; a feature map is [bands, frames]")
    }
    return (fields.shape[0], fields.shape[1])
  }
}
