import MtagCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps a run folder for one training at a time. The system lets go of it when the process ends, however it ends.
enum RunLock {
  /// Does `work` while nobody else can train in the folder.
  /// - Throws: `MtagError` (cannotCreate) if another training has the folder; what `work` throws.
  static func hold<Result>(_ folder: RunFolder, _ work: () throws -> Result) throws -> Result {
    let path = folder.path + "/.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw MtagError(.cannotCreate, "\(path) cannot be created: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw MtagError(
        .cannotCreate,
        "\(folder.path) is in use by another training; wait for it, or choose another folder with --out")
    }
    return try work()
  }
}
