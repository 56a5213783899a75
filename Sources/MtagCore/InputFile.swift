#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What must hold before any file is opened for reading: it is there and it is a regular file. Opening a pipe or a device
/// could wait for ever.
package enum InputFile {
  /// The size of a regular file in bytes.
  /// - Throws: `MtagError` (inputMissing) if the path is not there, cannot be read, or names a folder, pipe or device.
  package static func sizeBytes(_ path: String) throws -> Int {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let why = errno == ENOENT ? "there is no such file" : String(cString: strerror(errno))
      throw MtagError(.inputMissing, "\(path): \(why); check the path")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw MtagError(.inputMissing, "\(path): is a folder; name a file in it")
    default: throw MtagError(.inputMissing, "\(path): is not a regular file; name a file on disk")
    }
    guard access(path, R_OK) == 0 else {
      throw MtagError(.inputMissing, "\(path): \(String(cString: strerror(errno))); check its permissions")
    }
    return Int(status.st_size)
  }
}
