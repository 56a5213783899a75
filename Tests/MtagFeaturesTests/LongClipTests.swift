import MtagCore
import MtagFeatures
import MtagTestSupport
import Testing

/// Clips whose features do not fit into the memory that is meant for them: temporary files take the rest.
@Suite struct LongClipTests {
  @Test(
    "a store gives back every group in order, in memory or not", arguments: [1, 100_000, 300_000, 10_000_000])
  func store(residentCount: Int) throws {
    let store = FrameStore(rows: 128, residentCount: residentCount)
    for round in 0..<2 {
      // 128 groups are a piece; the second clip is longer than the first.
      let groups = 700 + round * 650
      for group in 0..<groups {
        try (0..<2048).map { Float(group) + Float($0) / 4096 }.withUnsafeBufferPointer {
          try store.append($0)
        }
      }
      var seen = 0
      try store.forEachGroup { group in
        #expect(group[0] == Float(seen) && group[2047] == Float(seen) + 2047.0 / 4096)
        seen += 1
      }
      #expect(seen == groups)
      store.reset()
    }
  }

  @Test("a map in a file has the values of one in memory", arguments: [1, 2, 6])
  func map(channels: Int) throws {
    let (bands, frames) = (3, 1100)
    func make(residentCount: Int) throws -> FeatureMap {
      try MapWriter.map(bands: bands, frames: frames, channels: channels, residentCount: residentCount) {
        writer in
        var frame = 0
        while frame < frames {
          let columns = min(16, frames - frame)
          try writer.columns(columns) { target, rowStride in
            for band in 0..<bands {
              for index in 0..<(columns * channels) {
                target[band * rowStride + index] = Float(band * 100_000 + frame * channels + index)
              }
            }
          }
          frame += columns
        }
      }
    }
    let (inMemory, inFile) = (try make(residentCount: .max), try make(residentCount: 0))
    #expect(inFile == inMemory)
    #expect(inFile[2, 1099, channels - 1] == Float(200_000 + 1099 * channels + channels - 1))
    var part = [Float](repeating: 0, count: 5)
    part.withUnsafeMutableBufferPointer { inFile.read(7..<12, into: $0) }
    #expect(part == Array(inMemory.values[7..<12]))
  }
}
