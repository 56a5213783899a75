import Foundation
import MtagCore

/// SHA-256 of a file's bytes, read piece by piece.
package enum ContentHash {
  private static let blockBytes = 1 << 20

  /// - Throws: `MtagError` (inputMissing, badData or inputOutput) naming the file.
  package static func hex(ofFile path: String) throws -> String {
    try FileKind.requireFile(path)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw MtagError(.inputMissing, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var digest = try SHA256Digest()
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 64)
    defer { block.deallocate() }
    while true {
      let count = read(descriptor, block.baseAddress, blockBytes)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw MtagError(.inputOutput, "\(path) cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { return digest.finish() }
      digest.update(UnsafeRawBufferPointer(rebasing: block[..<count]))
    }
  }
}
