public import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes files so that a reader sees the old content or the new, never half of it: to a temporary name in the same
/// folder, synced to disk, renamed.
public enum AtomicFile {
  /// Writes bytes to a path, replacing what was there.
  /// - Throws: `MtagError` (cannotCreate if the file cannot be made, inputOutput if writing fails half-way).
  public static func write(_ data: Data, to path: String) throws {
    try write(to: path) { handle in
      try data.withUnsafeBytes { try handle.append($0) }
    }
  }

  /// Writes text as UTF-8.
  public static func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  /// Writes a file piece by piece: `body` appends; the file appears under its name only after `body` returned.
  /// - Parameter isSynced: whether to wait until the disk has it, so that not even a power cut leaves half a file. Without,
  ///   a program that is killed still leaves none; for what can be made again and is one of thousands.
  public static func write(
    to path: String, isSynced: Bool = true, _ body: (borrowing Handle) throws -> Void
  ) throws {
    let temporary = temporaryPath(beside: path)
    let descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw MtagError(
        .cannotCreate, "\(path) cannot be created: \(reason()); check the folder and its permissions")
    }
    do {
      try body(Handle(descriptor: descriptor, path: path))
      guard !isSynced || fsync(descriptor) == 0 else {
        throw MtagError(.inputOutput, "\(path) cannot be synced: \(reason())")
      }
    } catch {
      close(descriptor)
      unlink(temporary)
      throw error
    }
    // The descriptor is gone after close even when close reports an error.
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let why = reason()
      unlink(temporary)
      throw MtagError(.cannotCreate, "\(path) cannot be written: \(why)")
    }
  }

  /// Whether a name is one that a file has here until it is complete.
  package static func isTemporaryName(_ name: String) -> Bool {
    let words = name.split(separator: ".", omittingEmptySubsequences: false)
    return words.count == 4 && words[0].isEmpty && Int32(words[1]) != nil && UInt32(words[2]) != nil
      && words[3] == "part"
  }

  /// Makes a folder and its parents; one that is already there is no error.
  public static func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw MtagError(.cannotCreate, "folder \(path) cannot be created; check the path and its permissions")
    }
  }

  /// Makes a folder whose parent exists; false if something is there already. Of several programs, one gets true.
  /// - Throws: `MtagError` (cannotCreate).
  public static func claimFolder(_ path: String) throws -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else {
      throw MtagError(.cannotCreate, "folder \(path) cannot be created: \(reason())")
    }
    return false
  }

  /// The open temporary file, for appending.
  public struct Handle: ~Copyable {
    let descriptor: Int32
    let path: String

    /// Appends bytes.
    /// - Throws: `MtagError` (inputOutput), for instance when the disk is full.
    public func append(_ bytes: UnsafeRawBufferPointer) throws {
      var offset = 0
      while offset < bytes.count {
        let written = Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw MtagError(.inputOutput, "\(path) cannot be written: \(reason())") }
        offset += written
      }
    }

    /// The bytes so far, for reading.
    /// - Parameters: as for `MappedFile`.
    package func mapped(copies: Bool = false, isReadWhole: Bool = false) -> MappedFile? {
      MappedFile(descriptor: descriptor, copies: copies, isReadWhole: isReadWhole)
    }
  }

  /// A hidden name in the same folder, short whatever the file is called: a name that only just fits a file system
  /// leaves no room for an ending.
  private static func temporaryPath(beside path: String) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return "\(folder).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).part"
  }

  static func reason() -> String { String(cString: strerror(errno)) }
}
