import Dispatch
import Synchronization

/// Runs loops on a fixed number of threads.
///
/// The caller cuts the work into chunks by the size of the problem, never by the number of threads, and combines partial
/// results in chunk order: so results are the same bytes whatever `threads` is.
public struct ParallelExecutor: Sendable, Hashable {
  /// How many threads work at once, the caller's included.
  public let threads: Int

  /// Makes an executor; `threads` must be at least 1.
  public init(threads: Int) {
    precondition(threads >= 1, "threads \(threads) must be ≥ 1")
    self.threads = threads
  }

  /// Calls `body` once for every chunk in `0 ..< chunks`, on up to `threads` threads, and returns when all are done.
  ///
  /// - Parameters:
  ///   - chunks: how many pieces there are.
  ///   - body: gets the chunk and a worker number in `0 ..< threads`. No two running calls share a worker number, so it
  ///     may index scratch memory.
  public func forEach(chunks: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
    let workers = min(threads, chunks)
    guard workers > 1 else {
      for chunk in 0..<max(chunks, 0) { body(chunk, 0) }
      return
    }
    let next = Atomic<Int>(0)
    withoutActuallyEscaping(body) { body in
      // Whoever writes a body answers for what it shares: each call owns its chunk and its worker's scratch memory.
      nonisolated(unsafe) let body = body
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        while true {
          let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
          guard chunk < chunks else { return }
          body(chunk, worker)
        }
      }
    }
  }

  /// Maps every element, on up to `threads` threads; results stand in the order of the elements.
  public func map<Element, Result: Sendable>(_ elements: [Element], _ body: (Element) -> Result) -> [Result] {
    var results = [Result?](repeating: nil, count: elements.count)
    results.withUnsafeMutableBufferPointer { buffer in
      // Each chunk writes its own element, so the threads never touch the same memory.
      nonisolated(unsafe) let slots = buffer
      forEach(chunks: elements.count) { index, _ in slots[index] = body(elements[index]) }
    }
    return results.compactMap { $0 }
  }
}
