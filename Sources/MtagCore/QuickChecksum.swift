internal import CXXHash

/// XXH3 with 64 bits over bytes that arrive in pieces; by the xxHash library.
///
/// It runs at the speed of memory and notices damage, not forgery: what names things by their content is `SHA256Digest`.
package final class QuickChecksum {
  private let state: OpaquePointer

  /// Starts over no bytes.
  /// - Throws: `MtagError` (internalFault) if there is no memory.
  package init() throws {
    guard let state = XXH3_createState(), XXH3_64bits_reset(state) == XXH_OK else {
      throw MtagError(.internalFault, "no memory for a checksum")
    }
    self.state = state
  }

  deinit { XXH3_freeState(state) }

  /// Appends bytes.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    if let start = bytes.baseAddress { XXH3_64bits_update(state, start, bytes.count) }
  }

  /// The checksum of all bytes so far.
  package var value: UInt64 { XXH3_64bits_digest(state) }

  /// The checksum of some bytes.
  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    XXH3_64bits(bytes.baseAddress, bytes.count)
  }
}
