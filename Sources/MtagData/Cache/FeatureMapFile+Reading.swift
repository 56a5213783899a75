import MtagCore
import MtagFeatures

extension FeatureMapFile {
  /// The map in a file, or nil unless every bit is as it was written, for this spec and this sound, in these sizes. The
  /// values stay where they are.
  static func entry(
    in file: MappedFile, specHash: String, contentHash: String, shape: MapShape
  ) -> Entry? {
    let bytes = file.bytes
    guard let kind = Kind(bytes), bytes.count >= headerBytes + checksumBytes,
      bytes[16..<24].elementsEqual(littleEndian(UInt32(shape.bands)) + littleEndian(UInt32(shape.channels))),
      bytes[64..<headerBytes].elementsEqual((specHash + contentHash).utf8)
    else { return nil }
    let frames = number(bytes, at: 24, as: UInt64.self)
    let warningBytes = Int(number(bytes, at: 40, as: UInt32.self))
    // No file has more frames than bytes, so that nothing here can overflow.
    guard frames > 0, frames <= UInt64(bytes.count), warningBytes <= bytes.count else { return nil }
    let (count, overflows) = (shape.bands * shape.channels).multipliedReportingOverflow(by: Int(frames))
    guard !overflows, count <= bytes.count else { return nil }
    let end = headerBytes + count * (kind == .full ? 4 : 2)
    guard bytes.count == end + warningBytes + checksumBytes else { return nil }
    let body = bytes.count - checksumBytes
    guard checksum(file, bytes: body) == number(bytes, at: body, as: UInt64.self) else { return nil }
    let low = Float(bitPattern: number(bytes, at: 32, as: UInt32.self))
    let size = Float(bitPattern: number(bytes, at: 36, as: UInt32.self))
    let storage: FeatureStorage =
      kind == .full
      ? .mapped(file, offset: headerBytes, count: count)
      : .mappedSteps(file, offset: headerBytes, count: count, low: low, size: size)
    let text = String(decoding: bytes[end..<(end + warningBytes)], as: UTF8.self)
    return Entry(
      map: FeatureMap(bands: shape.bands, frames: Int(frames), channels: shape.channels, storage: storage),
      warnings: text.split(separator: "\n").map(String.init))
  }

  /// The checksum of a file's first bytes; nil if there is no memory.
  private static func checksum(_ file: MappedFile, bytes count: Int) -> UInt64? {
    if count <= piecewiseBytes {
      return QuickChecksum.of(UnsafeRawBufferPointer(rebasing: file.bytes[..<count]))
    }
    guard let checksum = try? QuickChecksum() else { return nil }
    for start in stride(from: 0, to: count, by: piecewiseBytes) {
      let piece = start..<min(start + piecewiseBytes, count)
      checksum.update(UnsafeRawBufferPointer(rebasing: file.bytes[piece]))
      file.release(offset: piece.lowerBound, count: piece.count)
    }
    return checksum.value
  }

  /// Longer files are checked in pieces, so that a map of hours need not be in memory as a whole.
  private static let piecewiseBytes = 16 << 20

  /// What the first bytes of a file say about its values.
  enum Kind {
    case full
    case half

    /// Bytes that are needed to tell.
    static let byteCount = 16

    /// Nil for what is no feature map of this version.
    init?(_ bytes: UnsafeRawBufferPointer) {
      guard bytes.count >= Self.byteCount, bytes[..<8].elementsEqual(magic),
        number(bytes, at: 8, as: UInt32.self) == version
      else { return nil }
      switch number(bytes, at: 12, as: UInt32.self) {
      case 0: self = .full
      case 1: self = .half
      default: return nil
      }
    }
  }

  private static func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, at offset: Int, as type: Number.Type
  ) -> Number {
    Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  private static func littleEndian(_ number: UInt32) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }
}
