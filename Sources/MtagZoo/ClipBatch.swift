public import MtagCore
import Synchronization

/// Work on many clips, on several threads; a clip that fails does not stop the others.
struct ClipBatch {
  /// What became of one clip.
  struct Outcome<Value: Sendable>: Sendable {
    let path: String
    let value: Value?
    let error: MtagError?
  }

  let paths: [String]
  let threads: Int
  let task: String
  let observer: Observer

  /// Calls `body` with every path and a worker number in `0 ..< threads`; results stand in the order of the paths.
  /// - Parameter each: gets every outcome in order, as soon as those before it are there; one call at a time, on any of the
  ///   threads. If it throws, no further clip is begun.
  /// - Throws: what `each` throws; `MtagError` (interrupted) if the user stopped it.
  @discardableResult
  func run<Value: Sendable>(
    each: (Outcome<Value>) throws -> Void = { _ in }, _ body: (_ path: String, _ worker: Int) throws -> Value
  ) throws -> [Outcome<Value>] {
    let line = Mutex(Line<Value>(count: paths.count))
    let done = Atomic<Int>(0)
    ParallelExecutor(threads: threads).forEach(chunks: paths.count) { index, worker in
      if observer.isCancelled() || line.withLock({ $0.error != nil }) { return }
      let outcome = Self.outcome(paths[index], worker: worker, body)
      let count = done.add(1, ordering: .relaxed).newValue
      observer.progress(ProgressUpdate(task: task, done: count, total: paths.count, unit: "clip"))
      line.withLock { $0.take(outcome, at: index, each) }
    }
    let outcomes = try line.withLock { line in
      line.handOverRest(each)
      if let error = line.error { throw error }
      return line.slots.compactMap(\.self)
    }
    try observer.checkCancelled()
    return outcomes
  }

  /// The outcomes so far, and how many of them were handed over.
  private struct Line<Value: Sendable>: Sendable {
    var slots: [Outcome<Value>?]
    var next = 0
    var error: (any Error)?

    init(count: Int) { slots = Array(repeating: nil, count: count) }

    /// Keeps an outcome, and hands over all that no other has to wait for.
    mutating func take(_ outcome: Outcome<Value>, at index: Int, _ each: (Outcome<Value>) throws -> Void) {
      slots[index] = outcome
      while next < slots.count, let outcome = slots[next] { handOver(outcome, each) }
    }

    /// Hands over what is behind a clip that was left out because the user stopped.
    mutating func handOverRest(_ each: (Outcome<Value>) throws -> Void) {
      while next < slots.count {
        if let outcome = slots[next] { handOver(outcome, each) } else { next += 1 }
      }
    }

    private mutating func handOver(_ outcome: Outcome<Value>, _ each: (Outcome<Value>) throws -> Void) {
      next += 1
      guard error == nil else { return }
      do { try each(outcome) } catch { self.error = error }
    }
  }

  private static func outcome<Value: Sendable>(
    _ path: String, worker: Int, _ body: (String, Int) throws -> Value
  ) -> Outcome<Value> {
    do {
      return Outcome(path: path, value: try body(path, worker), error: nil)
    } catch let error as MtagError {
      return Outcome(path: path, value: nil, error: error)
    } catch {
      return Outcome(path: path, value: nil, error: MtagError(.internalFault, "\(path): \(error)"))
    }
  }
}

/// The error that a batch ends with, if clips failed.
public enum BatchFailure {
  /// nil if nothing failed; inputMissing if nothing worked because no file was there; else badData.
  public static func error(_ errors: [MtagError], of total: Int) -> MtagError? {
    guard let first = errors.first else { return nil }
    if errors.count == total, total == 1 { return first }
    let kind: MtagError.Kind =
      errors.count == total && errors.allSatisfy { $0.kind == first.kind } ? first.kind : .badData
    return MtagError(kind, "\(errors.count) of \(total) clips could not be used")
  }
}
