#if canImport(Glibc)
  package import Glibc
#elseif canImport(Musl)
  package import Musl
#else
  package import Darwin
#endif

/// What the file system says of a file without reading it: while the stamp is the same, so are the bytes.
package struct FileStamp: Sendable, Hashable {
  /// Bytes.
  package let size: Int
  /// Number of the file on its volume: another one after a file was replaced.
  package let inode: UInt64
  /// When the content was last changed, as far as programs let it show; in nanoseconds since 1970.
  package let modifiedNanoseconds: Int
  /// When content or attributes were last changed; no program can set it.
  package let changedNanoseconds: Int

  /// Puts a stamp together.
  package init(size: Int, inode: UInt64, modifiedNanoseconds: Int, changedNanoseconds: Int) {
    self.size = size
    self.inode = inode
    self.modifiedNanoseconds = modifiedNanoseconds
    self.changedNanoseconds = changedNanoseconds
  }

  /// The stamp of a file, or nil if there is none that can be asked.
  package init?(ofFile path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The stamp in what the file system said of a file.
  package init(_ status: stat) {
    size = Int(status.st_size)
    inode = UInt64(status.st_ino)
    #if canImport(Darwin)
      modifiedNanoseconds = Self.nanoseconds(status.st_mtimespec)
      changedNanoseconds = Self.nanoseconds(status.st_ctimespec)
    #else
      modifiedNanoseconds = Self.nanoseconds(status.st_mtim)
      changedNanoseconds = Self.nanoseconds(status.st_ctim)
    #endif
  }

  /// Whether the file was last touched at least so many seconds ago. Two changes within one tick of the file system's
  /// clock have the same time, so a stamp that is younger than that proves nothing.
  package func isSettled(forSeconds seconds: Double) -> Bool {
    let latest = max(modifiedNanoseconds, changedNanoseconds)
    return Double(Self.now - latest) >= seconds * 1e9
  }

  /// The time, in nanoseconds since 1970.
  package static var now: Int {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return nanoseconds(now)
  }

  private static func nanoseconds(_ time: timespec) -> Int {
    Int(time.tv_sec) &* 1_000_000_000 &+ Int(time.tv_nsec)
  }
}
