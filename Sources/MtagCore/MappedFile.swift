#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file's bytes, mapped into memory for reading; unmapped when the last owner lets go.
///
/// Whoever maps a file sees to it that nobody shortens it meanwhile (our files are replaced by renaming, never changed):
/// reading past the end of a shortened file ends a program.
package final class MappedFile: @unchecked Sendable {
  // Sendable holds because the mapping is private and read only, and lasts as long as this object.

  /// The bytes of the file, as many as it had when it was mapped.
  package let bytes: UnsafeRawBufferPointer
  private let isTemporary: Bool

  /// Maps an open file; the descriptor may be closed afterwards. Nil if it is empty or cannot be mapped.
  /// - Parameter isTemporary: whether pages that were read are given back at once, so that a file that is larger than
  ///   memory should be can be walked through.
  package init?(descriptor: Int32, isTemporary: Bool = false) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let count = Int(status.st_size)
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      return nil
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
    self.isTemporary = isTemporary
  }

  /// Maps a file by its path; nil if there is none, it is empty, or it cannot be mapped.
  package convenience init?(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    self.init(descriptor: descriptor)
  }

  /// Says that some bytes were read and will not be needed soon.
  func release(offset: Int, count: Int) {
    guard isTemporary, let start = bytes.baseAddress else { return }
    // Whole pages inside the range; the kernel reads them again if they are wanted after all.
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let first = (offset + page - 1) / page * page
    let last = (offset + count) / page * page
    if last > first { madvise(UnsafeMutableRawPointer(mutating: start + first), last - first, MADV_DONTNEED) }
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
