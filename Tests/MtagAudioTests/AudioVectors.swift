import Foundation

/// The committed vectors of Tests/Fixtures/audio; `Tools/fixtures/audio.py` makes them.
enum AudioVectors {
  static func load(_ name: String) throws -> [Float] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: folder.appendingPathComponent("Fixtures/audio/\(name).f32"))
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map { offset in
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      }
    }
  }
}
