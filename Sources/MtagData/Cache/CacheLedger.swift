import Foundation
import MtagCore

/// How many bytes the maps of a cache take, for all processes that share it: a number in `features/.bytes`, changed only
/// by whoever holds the file's lock.
///
/// Whoever has the lock may write a map, and adds its bytes first, so that the number is never too small, whatever is killed
/// when. It may be too large; then the next one who finds no room counts the files.
struct CacheLedger {
  static let fileName = ".bytes"

  private let path: String
  private let patienceSeconds: Double
  private static let digits = 20

  /// - Parameters:
  ///   - folder: `…/features`.
  ///   - patienceSeconds: how long to wait for another process. The lock is held for as long as it takes to write a map, or
  ///     to look at and remove files; only a process that was stopped holds it longer.
  init(folder: String, patienceSeconds: Double = 20) {
    path = folder.appendingPathComponent(Self.fileName)
    self.patienceSeconds = patienceSeconds
  }

  /// The ledger while nobody else can read or change it.
  struct Held {
    fileprivate let descriptor: Int32
    fileprivate let path: String

    /// The number; nil if nobody counted yet.
    var bytes: Int? { CacheLedger.read(descriptor) }

    /// Changes the number.
    /// - Throws: `MtagError` (inputOutput).
    func set(_ bytes: Int) throws {
      let number = String(max(0, bytes))
      let text = Array(
        (String(repeating: "0", count: CacheLedger.digits - number.count) + number + "\n").utf8)
      guard pwrite(descriptor, text, text.count, 0) == text.count else {
        throw MtagError(.inputOutput, "\(path) cannot be written: \(String(cString: strerror(errno)))")
      }
    }
  }

  /// Does `body` while no other thread or process does so.
  /// - Throws: `MtagError` (cannotCreate if the ledger cannot be opened for writing, inputOutput if it stays locked); what
  ///   `body` throws.
  func withLock<Value>(_ body: (Held) throws -> Value) throws -> Value {
    let descriptor = try lock()
    defer { close(descriptor) }
    return try body(Held(descriptor: descriptor, path: path))
  }

  /// The number as it is, without waiting for anyone; nil if nobody counted yet.
  func current() -> Int? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return Self.read(descriptor)
  }

  private func lock() throws -> Int32 {
    let start = ContinuousClock.now
    while true {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else { throw MtagError(.cannotCreate, "\(path) cannot be opened: \(reason)") }
      while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        let isBusy = errno == EWOULDBLOCK || errno == EINTR
        guard isBusy, start.duration(to: .now) < .seconds(patienceSeconds) else {
          let why = isBusy ? "another program has held it for \(Int(patienceSeconds)) s" : reason
          close(descriptor)
          throw MtagError(.inputOutput, "\(path) cannot be locked: \(why)")
        }
        usleep(500)
      }
      // Someone may have removed the file meanwhile: then others lock another one.
      var (mine, named) = (stat(), stat())
      if fstat(descriptor, &mine) == 0, stat(path, &named) == 0, mine.st_ino == named.st_ino {
        return descriptor
      }
      close(descriptor)
      guard start.duration(to: .now) < .seconds(patienceSeconds) else {
        throw MtagError(.inputOutput, "\(path) disappears again and again")
      }
    }
  }

  private static func read(_ descriptor: Int32) -> Int? {
    var text = [UInt8](repeating: 0, count: digits + 1)
    guard pread(descriptor, &text, text.count, 0) == text.count, text.last == UInt8(ascii: "\n") else {
      return nil
    }
    return Int(String(decoding: text.dropLast(), as: UTF8.self)).flatMap { $0 >= 0 ? $0 : nil }
  }

  private var reason: String { String(cString: strerror(errno)) }
}
