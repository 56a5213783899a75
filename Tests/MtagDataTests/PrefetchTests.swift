import MtagCore
import MtagData
import Testing

@Suite struct PrefetchTests {
  private static let loader = LoaderTests.loader(
    frames: (0..<11).map { 6 + 3 * $0 }, batchSize: 4, crop: 8, standardization: (100, 7))

  private static func expectSame(_ lent: Batch, _ made: Batch) {
    #expect(lent.inputs.map(\.bitPattern) == made.inputs.map(\.bitPattern))
    #expect(lent.targets == made.targets && lent.tracks == made.tracks)
    #expect((lent.batch, lent.bands, lent.frames) == (made.batch, made.bands, made.frames))
  }

  @Test(
    "batches made ahead are the batches made one by one, over epochs and rests", arguments: [true, false])
  func sameBytes(isAhead: Bool) {
    let prefetcher = BatchPrefetcher(Self.loader, epochs: 3, isAhead: isAhead)
    #expect(Self.loader.batchCount == 3 && Self.loader.batch(2, epoch: 0).batch == 3)
    for epoch in 0..<3 {
      for index in 0..<3 {
        prefetcher.withBatch(index, epoch: epoch) {
          Self.expectSame($0, Self.loader.batch(index, epoch: epoch))
        }
      }
    }
  }

  @Test("a run that goes on begins with any batch, and asking out of order gives the batch asked for")
  func anyPlace() {
    let prefetcher = BatchPrefetcher(Self.loader, epochs: 9, isAhead: true)
    for (index, epoch) in [(2, 5), (0, 6), (0, 6), (2, 1), (1, 8), (2, 8), (0, 0)] {
      prefetcher.withBatch(index, epoch: epoch) {
        Self.expectSame($0, Self.loader.batch(index, epoch: epoch))
      }
    }
  }

  @Test("two batches' memory is used in turn, however many batches are made", arguments: [true, false])
  func reusedMemory(isAhead: Bool) {
    let loader = LoaderTests.loader(frames: Array(repeating: 30, count: 8), batchSize: 4, crop: 8)
    let prefetcher = BatchPrefetcher(loader, epochs: 20, isAhead: isAhead)
    var places: [UnsafePointer<Float>?] = []
    for epoch in 0..<20 {
      for index in 0..<2 {
        prefetcher.withBatch(index, epoch: epoch) { batch in
          batch.inputs.withUnsafeBufferPointer { places.append($0.baseAddress) }
        }
      }
    }
    #expect(Set(places).count == 2 && places[0] != places[1])
    #expect(zip(places, places.dropFirst(2)).allSatisfy(==))
  }

  @Test("work that fails on a batch leaves the next ones to be had")
  func failure() throws {
    let prefetcher = BatchPrefetcher(Self.loader, epochs: 1, isAhead: true)
    for _ in 0..<3 {
      #expect(throws: MtagError.self) {
        try prefetcher.withBatch(0, epoch: 0) { _ in throw MtagError(.badData, "diverged") }
      }
    }
    prefetcher.withBatch(1, epoch: 0) { Self.expectSame($0, Self.loader.batch(1, epoch: 0)) }
  }

  @Test("prefetchers that are dropped while a batch is made do no harm")
  func dropped() {
    for _ in 0..<200 {
      BatchPrefetcher(Self.loader, epochs: 2, isAhead: true).withBatch(0, epoch: 0) { #expect($0.batch == 4) }
    }
  }

  @Test("the time spent waiting is counted: all of making a batch without prefetching")
  func waited() {
    let loader = LoaderTests.loader(frames: Array(repeating: 20_000, count: 64), batchSize: 64, crop: 20_000)
    let prefetcher = BatchPrefetcher(loader, epochs: 4, isAhead: false)
    for epoch in 0..<4 {
      let before = prefetcher.waitedSeconds
      prefetcher.withBatch(0, epoch: epoch) { _ in }
      #expect(prefetcher.waitedSeconds > before)
    }
  }
}
