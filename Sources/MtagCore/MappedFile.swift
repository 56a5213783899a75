import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file's bytes, mapped into memory for reading; let go when the last owner does.
///
/// Whoever maps a file sees to it that nobody shortens it meanwhile (our files are replaced by renaming or removed, never
/// changed): reading past the end of a shortened file ends a program. A file that was removed stays readable.
package final class MappedFile: @unchecked Sendable {
  // Sendable holds because the bytes do not change after `init` and last as long as this object.

  /// The bytes of the file, as many as it had when it was mapped.
  package let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool

  /// Larger files give back the pages that were read, so that a file larger than memory can be walked through.
  private static let largestResidentBytes = 64 << 20
  /// After so much of such a file was read, its pages are given back.
  private static let largestWalkedBytes = 32 << 20
  /// What the system maps around a page that is read: 64 KiB on Linux.
  private static let faultBytes = 65_536
  /// An upper bound of what is mapped since pages were last given back.
  private let resident = Atomic<Int>(0)

  /// Takes the bytes of an open regular file; the descriptor may be closed afterwards. Nil if it is empty, no regular file
  /// or cannot be read.
  /// - Parameters:
  ///   - copies: whether to read the bytes into memory instead of mapping them: a process may only have so many mappings
  ///     (65,530 on Linux, unless the administrator allows more). That is also done where mapping fails.
  ///   - isReadWhole: whether all bytes will be read at once: a fault for every page would take longer than reading it.
  package init?(descriptor: Int32, copies: Bool = false, isReadWhole: Bool = false) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0 else {
      return nil
    }
    let count = Int(status.st_size)
    if !copies, let start = Self.map(descriptor, count, isReadWhole: isReadWhole) {
      bytes = UnsafeRawBufferPointer(start: start, count: count)
      isMapped = true
      return
    }
    guard let memory = Self.allocate(count) else { return nil }
    bytes = UnsafeRawBufferPointer(memory)
    isMapped = false
    var done = 0
    while done < count {
      let got = pread(descriptor, memory.baseAddress?.advanced(by: done), count - done, off_t(done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { return nil }
      done += got
    }
  }

  /// Maps a file by its path; nil if there is none, it is empty, or it cannot be read.
  package convenience init?(path: String) {
    // A pipe of that name must not make anyone wait.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    self.init(descriptor: descriptor)
  }

  /// Holds bytes that found no place in a file, in the form that they would have there; nil if there is no memory.
  /// - Parameter fill: writes all of them; what it throws is passed on.
  package init?(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    guard count > 0, let memory = Self.allocate(count) else { return nil }
    bytes = UnsafeRawBufferPointer(memory)
    isMapped = false
    try fill(memory)
  }

  /// Says that some bytes were read and will not be needed soon.
  package func release(offset: Int, count: Int) {
    guard isMapped, bytes.count > Self.largestResidentBytes, let start = bytes.baseAddress else { return }
    let window = Self.faultBytes
    let touched = (offset + count + window - 1) / window - offset / window
    guard resident.add(touched * window, ordering: .relaxed).newValue > Self.largestWalkedBytes else {
      return
    }
    resident.store(0, ordering: .relaxed)
    // All of it, since rows are read here and there; what another thread still reads, the kernel maps again.
    madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, MADV_DONTNEED)
  }

  deinit {
    let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
    if isMapped { munmap(start, bytes.count) } else { free(start) }
  }

  private static func map(_ descriptor: Int32, _ count: Int, isReadWhole: Bool) -> UnsafeMutableRawPointer? {
    #if os(Linux)
      let isPrepared = isReadWhole && count <= largestResidentBytes
      let flags = isPrepared ? MAP_PRIVATE | MAP_POPULATE : MAP_PRIVATE
    #else
      let flags = MAP_PRIVATE
    #endif
    guard let start = mmap(nil, count, PROT_READ, flags, descriptor, 0), start != MAP_FAILED else {
      return nil
    }
    return start
  }

  private static func allocate(_ count: Int) -> UnsafeMutableRawBufferPointer? {
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, 64, count) == 0, let memory else { return nil }
    return UnsafeMutableRawBufferPointer(start: memory, count: count)
  }
}
