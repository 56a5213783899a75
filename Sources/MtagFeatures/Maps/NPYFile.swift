import Foundation
public import MtagCore

/// Feature maps as NumPy reads and writes them: `.npy` version 1.0, little-endian float32, C order, shape
/// `[bands, frames]`, or `[bands, frames, channels]` where there are several channels. Source: NumPy's description of the
/// format, `numpy.lib.format`.
public enum NPYFile {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
  /// The header's length is chosen so that the values start at a multiple of this.
  private static let alignmentBytes = 64
  /// Values on their way between file and map: 256 KiB, so that a map of any size needs no more memory.
  private static let blockCount = 65_536

  /// Writes a map; `numpy.load(path)` gives a float32 array of shape `(bands, frames)` or `(bands, frames, channels)`.
  /// - Throws: `MtagError` (cannotCreate, inputOutput).
  public static func write(_ map: FeatureMap, to path: String) throws {
    let shape = [map.bands, map.frames] + (map.channels == 1 ? [] : [map.channels])
    let sizes = shape.map(String.init).joined(separator: ", ")
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(sizes)), }"
    let prefixLength = magic.count + 2
    let unpadded = prefixLength + header.utf8.count + 1
    header +=
      String(repeating: " ", count: (alignmentBytes - unpadded % alignmentBytes) % alignmentBytes) + "\n"
    let length = header.utf8.count
    let head = magic + [UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
    let block = AlignedBuffer(count: min(map.count, blockCount))
    try AtomicFile.write(to: path) { handle in
      try head.withUnsafeBytes { try handle.append($0) }
      for start in stride(from: 0, to: map.count, by: blockCount) {
        let range = start..<min(start + blockCount, map.count)
        let values = UnsafeMutableBufferPointer(rebasing: block.mutable[..<range.count])
        map.read(range, into: values)
        turnLittleEndian(values)
        try handle.append(UnsafeRawBufferPointer(values))
      }
    }
  }

  /// Reads a map that `write` or NumPy wrote. A map of more than some tens of megabytes goes to a temporary file, which is
  /// then mapped: whatever becomes of `path` changes nothing.
  /// - Throws: `MtagError` (inputMissing if it cannot be opened; badData if it is no version 1.0 file of little-endian
  ///   float32 in C order with two or three dimensions, or its length is not what the header says; cannotCreate or
  ///   inputOutput if the temporary file fails).
  public static func read(_ path: String) throws -> FeatureMap {
    try read(path, residentCount: MapWriter.largestResidentCount)
  }

  /// The same; maps up to `residentCount` values stay in memory.
  package static func read(_ path: String, residentCount: Int) throws -> FeatureMap {
    let size = try InputFile.sizeBytes(path)
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw MtagError(.inputMissing, "\(path) cannot be read; check the path and its permissions")
    }
    defer { try? file.close() }
    let prefix = try bytes(magic.count + 2, of: file, path)
    guard prefix.count == magic.count + 2, prefix.prefix(magic.count).elementsEqual(magic) else {
      throw MtagError(.badData, "\(path) is no .npy file of version 1.0; save it with numpy.save")
    }
    let headerLength = Int(prefix[magic.count]) | Int(prefix[magic.count + 1]) << 8
    let header = try bytes(headerLength, of: file, path)
    guard header.count == headerLength else {
      throw MtagError(
        .badData, "\(path) ends inside its header of \(headerLength) bytes; the file is truncated")
    }
    let shape = try shape(header: header, path: path)
    let (count, isTooLarge) = shape.reduce((1, false)) { product, factor in
      let (value, isTooLarge) = product.0.multipliedReportingOverflow(by: factor)
      return (value, isTooLarge || product.1)
    }
    let valueBytes = size - prefix.count - headerLength
    guard !isTooLarge, valueBytes % 4 == 0, valueBytes / 4 == count else {
      let sizes = shape.map(String.init).joined(separator: " × ")
      throw MtagError(
        .badData, "\(path) holds \(valueBytes) bytes of values, not the \(sizes) × 4 of its header")
    }
    return FeatureMap(
      bands: shape[0], frames: shape[1], channels: shape.count == 3 ? shape[2] : 1,
      storage: try storage(of: file, count: count, residentCount: residentCount, path))
  }

  private static func storage(
    of file: FileHandle, count: Int, residentCount: Int, _ path: String
  ) throws -> FeatureStorage {
    guard count > residentCount else {
      return .memory(
        try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
          try readValues(count, of: file, path) { block, place in
            _ = UnsafeMutableBufferPointer(rebasing: buffer[place...]).update(fromContentsOf: block)
          }
          filled = count
        })
    }
    let copy = try TemporaryFile()
    try readValues(count, of: file, path) { try copy.write(UnsafeBufferPointer($0), at: $1) }
    return .mapped(try copy.map(), offset: 0, count: count)
  }

  /// Lends all values, block by block, each with its place.
  private static func readValues(
    _ count: Int, of file: FileHandle, _ path: String,
    _ body: (_ block: UnsafeMutableBufferPointer<Float>, _ place: Int) throws -> Void
  ) throws {
    let block = AlignedBuffer(count: min(count, blockCount))
    for start in stride(from: 0, to: count, by: blockCount) {
      let values = UnsafeMutableBufferPointer(rebasing: block.mutable[..<min(blockCount, count - start)])
      let data = try bytes(4 * values.count, of: file, path)
      guard data.copyBytes(to: values) == 4 * values.count else {
        throw MtagError(.badData, "\(path) became shorter while it was read; read it again")
      }
      turnLittleEndian(values)
      try body(values, start)
    }
  }

  private static func bytes(_ count: Int, of file: FileHandle, _ path: String) throws -> Data {
    do {
      return try file.read(upToCount: count) ?? Data()
    } catch {
      throw MtagError(.inputOutput, "\(path) cannot be read: \(error.localizedDescription); check the disk")
    }
  }

  /// Between this machine's order of bytes and the file's.
  private static func turnLittleEndian(_ values: UnsafeMutableBufferPointer<Float>) {
    #if _endian(big)
      for index in values.indices {
        values[index] = Float(bitPattern: values[index].bitPattern.byteSwapped)
      }
    #endif
  }

  private static func shape(header: Data, path: String) throws -> [Int] {
    guard let text = String(data: header, encoding: .ascii), let fields = NPYHeader(text) else {
      throw MtagError(.badData, "\(path) has an unreadable .npy header; save it with numpy.save")
    }
    guard fields.description == "<f4", !fields.isFortranOrder else {
      throw MtagError(
        .badData,
        "\(path) holds '\(fields.description)' in \(fields.isFortranOrder ? "Fortran" : "C") order; "
          + "save it as numpy.ascontiguousarray(array, dtype='<f4')")
    }
    guard (2...3).contains(fields.shape.count) else {
      throw MtagError(
        .badData,
        "\(path) has \(fields.shape.count) dimensions; a feature map is [bands, frames] or [bands, frames, channels]"
      )
    }
    return fields.shape
  }
}
