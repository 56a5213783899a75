#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file without a name, for what does not fit into memory: gone as soon as its owner goes, however the program ends.
/// Belongs to one thread at a time.
package struct TemporaryFile: ~Copyable {
  private let descriptor: Int32
  private let folder: String

  /// Where temporary files are: `$TMPDIR`, else /tmp.
  package static var folder: String {
    let wanted = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return wanted.isEmpty ? "/tmp" : wanted
  }

  /// Makes an empty file in `$TMPDIR`, else in /tmp.
  /// - Throws: `MtagError` (cannotCreate).
  package init() throws {
    folder = Self.folder
    var template = Array("\(folder)/mtag-zoo.XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
    guard made >= 0 else {
      throw MtagError(
        .cannotCreate,
        "no temporary file can be made in \(folder): \(AtomicFile.reason()); set TMPDIR to a folder with room"
      )
    }
    descriptor = made
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = template.withUnsafeBufferPointer { $0.baseAddress.map { unlink($0) } }
  }

  /// Writes values at a place, counted in floats.
  /// - Throws: `MtagError` (inputOutput), for instance when the disk is full.
  package func write(_ values: UnsafeBufferPointer<Float>, at place: Int) throws {
    try write(UnsafeRawBufferPointer(values), atByte: 4 * place)
  }

  /// Writes bytes at a place.
  /// - Throws: `MtagError` (inputOutput), for instance when the disk is full.
  package func write(_ bytes: UnsafeRawBufferPointer, atByte place: Int) throws {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(place + done))
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else { throw failure("written") }
      done += written
    }
  }

  /// Reads values from a place, counted in floats.
  /// - Throws: `MtagError` (inputOutput) if there are not so many.
  package func read(into values: UnsafeMutableBufferPointer<Float>, at place: Int) throws {
    let bytes = UnsafeMutableRawBufferPointer(values)
    var done = 0
    while done < bytes.count {
      let got = pread(
        descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(4 * place + done))
      if got < 0 && errno == EINTR { continue }
      guard got > 0 else { throw failure("read") }
      done += got
    }
  }

  /// The file's bytes as memory; they stay when the file goes.
  /// - Throws: `MtagError` (inputOutput).
  /// - Parameter isReadWhole: as for `MappedFile`.
  package func map(isReadWhole: Bool = false) throws -> MappedFile {
    guard let file = MappedFile(descriptor: descriptor, isReadWhole: isReadWhole) else {
      throw failure("mapped")
    }
    return file
  }

  private func failure(_ what: String) -> MtagError {
    MtagError(
      .inputOutput,
      "a temporary file in \(folder) cannot be \(what): \(AtomicFile.reason()); set TMPDIR to a folder with room"
    )
  }

  deinit { close(descriptor) }
}
