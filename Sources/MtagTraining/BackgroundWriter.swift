import Dispatch
import Synchronization

/// Writes files on another thread while the engine goes on: one job after the other, in the order they came.
///
/// Whoever owns one calls `finish` before it lets others at the files.
final class BackgroundWriter: Sendable {
  private let queue = DispatchQueue(label: "mtag-zoo.checkpoints", qos: .userInitiated)
  private let failure = Mutex<(any Error)?>(nil)

  /// Starts a job when the one before is done; a run that writes more slowly than it trains waits here.
  /// - Throws: what an earlier job threw.
  func write(_ job: @escaping @Sendable () throws -> Void) throws {
    try finish()
    queue.async { [self] in
      do { try job() } catch { failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything is written.
  /// - Throws: what a job threw, once.
  func finish() throws {
    queue.sync {}
    let error = failure.withLock { failure in
      defer { failure = nil }
      return failure
    }
    if let error { throw error }
  }
}
