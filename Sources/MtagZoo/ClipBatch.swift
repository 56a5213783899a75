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

  /// Clips that are worked on before their results are handed over; bounds memory for long lists.
  private var windowSize: Int { threads * 4 }

  /// Calls `body` with every path and a worker number in `0 ..< threads`; results stand in the order of the paths.
  /// - Parameter each: gets every outcome in order, soon after it is there.
  /// - Throws: `MtagError` (interrupted) if the user stopped it.
  @discardableResult
  func run<Value: Sendable>(
    each: (Outcome<Value>) throws -> Void = { _ in }, _ body: (_ path: String, _ worker: Int) throws -> Value
  ) throws -> [Outcome<Value>] {
    var all: [Outcome<Value>] = []
    let done = Atomic<Int>(0)
    for start in stride(from: 0, to: paths.count, by: windowSize) {
      try observer.checkCancelled()
      let window = Array(paths[start..<min(start + windowSize, paths.count)])
      let slots = Mutex([Outcome<Value>?](repeating: nil, count: window.count))
      ParallelExecutor(threads: threads).forEach(chunks: window.count) { index, worker in
        if observer.isCancelled() { return }
        let outcome = Self.outcome(window[index], worker: worker, body)
        slots.withLock { $0[index] = outcome }
        let count = done.add(1, ordering: .relaxed).newValue
        observer.progress(ProgressUpdate(task: task, done: count, total: paths.count, unit: "clip"))
      }
      let outcomes = slots.withLock { $0 }.compactMap(\.self)
      for outcome in outcomes { try each(outcome) }
      all.append(contentsOf: outcomes)
    }
    try observer.checkCancelled()
    return all
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
