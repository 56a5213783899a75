import Foundation
import MtagCore

/// Feature maps on disk: one file a map, under `features/<spec SHA-256>/<content SHA-256>.features`.
///
/// A file begins with a magic word, a version and its sizes, names the spec and the sound that it belongs to, and ends
/// with a SHA-256 over all of it. An entry that is not whole and right is taken for missing, and written anew. Files
/// appear under their names only when complete, so several processes may share a folder.
struct FeatureCache {
  /// A map as it is kept, with what its sound file was warned about when it was decoded.
  struct Entry {
    let map: FeatureMap
    let warnings: [String]
  }

  private let folder: String
  private let specHash: String

  private static let magic = Array("MTAGFMAP".utf8)
  private static let version: UInt32 = 1
  private static let hashBytes = 64
  /// Magic, version, bands, frames, bytes of warnings, spec hash, content hash.
  private static let headerBytes = 8 + 4 * 4 + 2 * hashBytes

  /// Opens a cache and makes its folder.
  /// - Throws: `MtagError` (cannotCreate).
  init(cacheFolder: String, specHash: String) throws {
    folder = cacheFolder.appendingPathComponent("features").appendingPathComponent(specHash)
    self.specHash = specHash
    try AtomicFile.makeFolder(folder)
  }

  /// The file of one sound's map.
  func path(contentHash: String) -> String { folder.appendingPathComponent(contentHash + ".features") }

  /// The map of a sound, or nil if there is no whole and right one.
  func read(contentHash: String, bands: Int) -> Entry? {
    // Mapped, not read: the values are copied once, into the map. Entries are replaced by renaming, never changed.
    let url = URL(fileURLWithPath: path(contentHash: contentHash))
    guard let data = try? Data(contentsOf: url, options: .alwaysMapped),
      data.count >= Self.headerBytes + Self.hashBytes
    else { return nil }
    let header = Self.header(
      bands: bands, frames: 0, warningBytes: 0, specHash: specHash, contentHash: contentHash)
    let frames = Int(data.littleEndian32(at: 16))
    let warningBytes = Int(data.littleEndian32(at: 20))
    let valueBytes = bands * frames * MemoryLayout<Float>.stride
    let bodyBytes = Self.headerBytes + warningBytes + valueBytes
    guard data.prefix(16) == header.prefix(16), data[24..<Self.headerBytes] == header[24...], frames > 0,
      data.count == bodyBytes + Self.hashBytes,
      let checksum = try? Self.checksum(data.prefix(bodyBytes)),
      data.suffix(Self.hashBytes) == Data(checksum.utf8)
    else { return nil }
    let text = String(decoding: data[Self.headerBytes..<(Self.headerBytes + warningBytes)], as: UTF8.self)
    let values = [Float](unsafeUninitializedCapacity: bands * frames) { buffer, count in
      data.copyBytes(to: buffer, from: (Self.headerBytes + warningBytes)..<bodyBytes)
      #if _endian(big)
        for index in buffer.indices {
          buffer[index] = Float(bitPattern: buffer[index].bitPattern.byteSwapped)
        }
      #endif
      count = bands * frames
    }
    return Entry(
      map: FeatureMap(bands: bands, frames: frames, values: values),
      warnings: text.split(separator: "\n").map(String.init))
  }

  /// Keeps a map.
  /// - Throws: `MtagError` (cannotCreate, inputOutput), for instance when the disk is full.
  func write(_ entry: Entry, contentHash: String) throws {
    let warnings = Data(entry.warnings.joined(separator: "\n").utf8)
    var data = Self.header(
      bands: entry.map.bands, frames: entry.map.frames, warningBytes: warnings.count, specHash: specHash,
      contentHash: contentHash)
    data.append(warnings)
    // A closure and a typed buffer: a key path and a raw buffer would cost as much as the features.
    entry.map.values.map { $0.bitPattern.littleEndian }.withUnsafeBufferPointer { data.append($0) }
    data.append(Data(try Self.checksum(data).utf8))
    try AtomicFile.write(data, to: path(contentHash: contentHash))
  }

  // MARK: - Helpers

  private static func header(
    bands: Int, frames: Int, warningBytes: Int, specHash: String, contentHash: String
  ) -> Data {
    var data = Data(magic)
    for number in [version, UInt32(bands), UInt32(frames), UInt32(warningBytes)] {
      withUnsafeBytes(of: number.littleEndian) { data.append(contentsOf: $0) }
    }
    data.append(Data(specHash.utf8))
    data.append(Data(contentHash.utf8))
    return data
  }

  private static func checksum(_ data: Data) throws -> String {
    var digest = try SHA256Digest()
    data.withUnsafeBytes { digest.update($0) }
    return digest.finish()
  }
}

extension Data {
  /// Four bytes as a number.
  fileprivate func littleEndian32(at offset: Int) -> UInt32 {
    self[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
