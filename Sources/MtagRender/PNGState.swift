internal import CPNG
internal import MtagCore

/// The one owner of libpng's state for one picture, written or read.
struct PNGState: ~Copyable {
  /// What the functions of the C shim take.
  let pointer: UnsafeMutablePointer<mtag_png>
  private let path: String

  /// Takes over a state that the C shim made; nil means that it had no memory.
  init(_ made: UnsafeMutablePointer<mtag_png>?, path: String) throws {
    guard let made else { throw MtagError(.internalFault, "\(path): libpng does not start: out of memory") }
    pointer = made
    self.path = path
  }

  deinit { mtag_png_free(pointer) }

  /// Throws for a call of the C shim that failed, in libpng's words.
  func check(_ status: Int32, _ kind: MtagError.Kind, _ fault: String) throws {
    guard status != 0 else { return }
    let reason = withUnsafeBytes(of: pointer.pointee.error) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    throw MtagError(kind, "\(path): \(fault): \(reason)")
  }
}
