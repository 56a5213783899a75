import Foundation

/// Collects what an observer hears.
final class Notes: @unchecked Sendable {
  // Sendable holds because every access takes the lock.
  private let lock = NSLock()
  private var lines: [String] = []
  func add(_ line: String) { lock.withLock { lines.append(line) } }
  var all: [String] { lock.withLock { lines } }
}
