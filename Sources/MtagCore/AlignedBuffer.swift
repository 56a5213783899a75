#if canImport(Glibc)
  import Glibc
#endif

/// An owned block of 32-bit floats, aligned to 64 bytes: the width of the widest SIMD register and of a cache line.
///
/// Freed when its owner goes. New buffers hold zeros.
public struct AlignedBuffer: ~Copyable, @unchecked Sendable {
  // Sendable holds because the memory has exactly one owner and nothing else keeps the pointer.

  /// The first element.
  public let pointer: UnsafeMutablePointer<Float>
  /// How many floats there are.
  public let count: Int

  /// The alignment of every buffer, in bytes.
  public static let alignmentBytes = 64

  /// Buffers from this size on ask for huge pages: reading them in one go then costs a thousandth of the address translations.
  private static let largeBytes = 8 << 20
  private static let hugePageBytes = 2 << 20

  /// Allocates `count` zeros.
  public init(count: Int) {
    precondition(count >= 0, "a buffer of \(count) floats cannot be allocated")
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let isLarge = bytes >= Self.largeBytes
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: isLarge ? Self.hugePageBytes : Self.alignmentBytes)
    #if os(Linux)
      // A wish: where it is not granted, all is as without.
      if isLarge { _ = madvise(raw, bytes, MADV_HUGEPAGE) }
    #endif
    pointer = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    pointer.initialize(repeating: 0, count: max(count, 1))
    self.count = count
  }

  /// The same memory as a mutable buffer pointer; valid while the owner lives.
  public var mutable: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }

  /// The same memory as a read-only buffer pointer; valid while the owner lives.
  public var readOnly: UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: pointer, count: count) }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }
}
