import Dispatch
import Synchronization

/// Makes the next batch while the present one is worked on: on a thread of its own, in two batches' memory that is used in
/// turn. The batches are those of `BatchLoader.batch`, byte by byte.
///
/// There is nothing to stop or to close: what runs on the other thread is one batch, and ends by itself.
public final class BatchPrefetcher {
  /// How long the caller has waited for batches so far, in seconds.
  public private(set) var waitedSeconds = 0.0

  private let loader: BatchLoader
  private let epochs: Int
  private let isAhead: Bool
  private let maker: BatchMaker
  /// The batch that is being made or is ready, in the slot that is not lent.
  private var pending: BatchMaker.Place?
  private var lentSlot = 1
  private let isReady = DispatchSemaphore(value: 0)
  private let queue = DispatchQueue(label: "mtag-zoo.batches", qos: .userInitiated)

  /// - Parameters:
  ///   - epochs: epochs in all; after the last batch of the last one, none is made ahead.
  ///   - isAhead: false makes each batch only when it is asked for, on the caller's thread.
  public init(_ loader: BatchLoader, epochs: Int, isAhead: Bool) {
    self.loader = loader
    self.epochs = epochs
    self.isAhead = isAhead
    maker = BatchMaker(loader)
  }

  /// Lends one batch of an epoch to `body`; both count from 0. Batches are asked for in order, from any one on.
  public func withBatch<Result: Sendable>(
    _ index: Int, epoch: Int, _ body: (Batch) throws -> Result
  ) rethrows -> Result {
    let place = BatchMaker.Place(epoch: epoch, index: index)
    let slot = 1 - lentSlot
    let start = ContinuousClock.now
    if pending != nil { isReady.wait() }
    if pending != place { maker.make(place, in: slot) }
    let (seconds, attoseconds) = start.duration(to: .now).components
    waitedSeconds += Double(seconds) + Double(attoseconds) * 1e-18
    lentSlot = slot
    pending = isAhead ? successor(of: place) : nil
    if let pending {
      queue.async { [maker, isReady] in
        maker.make(pending, in: 1 - slot)
        isReady.signal()
      }
    }
    return try maker.slots[slot].lend(body)
  }

  private func successor(of place: BatchMaker.Place) -> BatchMaker.Place? {
    if place.index + 1 < loader.batchCount { return .init(epoch: place.epoch, index: place.index + 1) }
    return place.epoch + 1 < epochs ? .init(epoch: place.epoch + 1, index: 0) : nil
  }
}

/// Two batches' memory, and what is needed to fill it; shared by both threads.
private final class BatchMaker: Sendable {
  struct Place: Hashable, Sendable {
    let epoch: Int
    let index: Int
  }

  /// One batch's memory: it belongs to the thread that fills it or to the one that it is lent to.
  final class Slot: Sendable {
    private let batch = Mutex(Batch())

    func lend<Result: Sendable>(_ body: (Batch) throws -> Result) rethrows -> Result {
      try batch.withLock { try body($0) }
    }

    func fill(_ body: (inout Batch) -> Void) { batch.withLock { body(&$0) } }
  }

  let slots = [Slot(), Slot()]
  private let loader: BatchLoader
  private let order = Mutex<(epoch: Int, positions: [Int])?>(nil)

  init(_ loader: BatchLoader) { self.loader = loader }

  func make(_ place: Place, in slot: Int) {
    let positions = order.withLock { order in
      if let order, order.epoch == place.epoch { return order.positions }
      let positions = loader.order(epoch: place.epoch)
      order = (place.epoch, positions)
      return positions
    }
    slots[slot].fill { loader.fill(&$0, index: place.index, epoch: place.epoch, order: positions) }
  }
}
