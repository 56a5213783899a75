internal import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An open file that is read through one buffer, for libsndfile, whose MP3 decoder asks the system for four bytes and then
/// for one frame: 2300 calls for 30 s of sound, a tenth of the decoding time. Memory is that of the buffer.
final class BufferedFile {
  /// Bytes of the file when it was opened.
  let sizeBytes: Int
  /// Why reading failed, in the system's words; nil if it did not. What could not be read looks like the end of the file.
  private(set) var failure: String?

  private let descriptor: Int32
  private let window = UnsafeMutableRawPointer.allocate(byteCount: windowBytes, alignment: 64)
  /// The part of the file that the window holds.
  private var held = 0..<0
  /// Where the next read starts.
  private(set) var position = 0

  /// Windows start at multiples of their size, so that decoders that step backwards find most of what they want.
  private static let windowBytes = 65_536

  /// Opens a regular file.
  /// - Throws: `MtagError` (inputMissing) naming the file.
  init(path: String) throws {
    // Should a pipe have taken the file's place, opening it must not wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw MtagError(.inputMissing, "\(path): cannot be opened; check its permissions")
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw MtagError(.inputMissing, "\(path): is not a regular file; name a file on disk")
    }
    self.descriptor = descriptor
    sizeBytes = Int(status.st_size)
  }

  deinit {
    close(descriptor)
    window.deallocate()
  }

  /// Moves to a place in the file, which may lie behind its end; false, and no move, if it lies before its start.
  func seek(to place: Int) -> Bool {
    guard place >= 0 else { return false }
    position = place
    return true
  }

  /// Copies the next bytes; fewer than `count` at the end of the file or after a failure.
  func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
    var done = 0
    while done < count {
      if held.contains(position) {
        let size = min(count - done, held.upperBound - position)
        (target + done).copyMemory(from: window + (position - held.lowerBound), byteCount: size)
        position += size
        done += size
      } else if count - done >= Self.windowBytes {
        let size = readFile(into: target + done, count: count - done, at: position)
        guard size > 0 else { break }
        position += size
        done += size
      } else {
        guard fillWindow() else { break }
      }
    }
    return done
  }

  /// The first bytes of the file, at most so many.
  func start(_ count: Int) -> [UInt8] {
    let before = position
    defer { position = before }
    position = 0
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      guard let target = buffer.baseAddress else { return }
      filled = read(into: target, count: count)
    }
  }

  /// Holds the window that the position lies in; false if the file has nothing there.
  private func fillWindow() -> Bool {
    let start = position / Self.windowBytes * Self.windowBytes
    var count = 0
    while count < Self.windowBytes {
      let size = readFile(into: window + count, count: Self.windowBytes - count, at: start + count)
      guard size > 0 else { break }
      count += size
    }
    held = start..<(start + count)
    return held.contains(position)
  }

  /// One read of the system, repeated where a signal came in between; 0 at the end of the file and after a failure.
  private func readFile(into target: UnsafeMutableRawPointer, count: Int, at place: Int) -> Int {
    while true {
      let size = pread(descriptor, target, count, off_t(place))
      if size >= 0 { return size }
      guard errno == EINTR else {
        failure = String(cString: strerror(errno))
        return 0
      }
    }
  }
}
