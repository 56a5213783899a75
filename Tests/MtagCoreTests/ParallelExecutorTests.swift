import MtagCore
import Synchronization
import Testing

@Suite struct ParallelExecutorTests {
  @Test("every chunk is done once, by a worker that no other call has at that time", arguments: [1, 2, 7])
  func chunks(threads: Int) {
    let seen = Mutex([Int](repeating: 0, count: 500))
    let busy = Mutex(Set<Int>())
    let overlaps = Mutex(0)
    ParallelExecutor(threads: threads).forEach(chunks: 500) { chunk, worker in
      if !(0..<threads).contains(worker) || !busy.withLock({ $0.insert(worker).inserted }) {
        overlaps.withLock { $0 += 1 }
      }
      seen.withLock { $0[chunk] += 1 }
      busy.withLock { _ = $0.remove(worker) }
    }
    #expect(seen.withLock { $0 } == [Int](repeating: 1, count: 500))
    #expect(overlaps.withLock { $0 } == 0)
  }

  @Test("results stand in the order of the elements", arguments: [1, 3])
  func order(threads: Int) {
    let squares = ParallelExecutor(threads: threads).map(Array(0..<200)) { $0 * $0 }
    #expect(squares == (0..<200).map { $0 * $0 })
    #expect(ParallelExecutor(threads: threads).map([Int]()) { $0 }.isEmpty)
  }
}
