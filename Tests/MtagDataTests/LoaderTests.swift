import MtagCore
import MtagData
import Testing

@Suite struct LoaderTests {
  /// Maps of two bands whose values say where they come from: track · 1000 + band · 100 + frame.
  static func features(frames: [Int?]) -> FeatureSet {
    FeatureSet(
      maps: frames.enumerated().map { track, frames in
        frames.map { frames in
          FeatureMap(
            bands: 2, frames: frames,
            values: (0..<2).flatMap { band in (0..<frames).map { Float(track * 1000 + band * 100 + $0) } })
        }
      })
  }

  static func loader(
    frames: [Int?], batchSize: Int = 4, crop: Int = 8, standardization: (Float, Float) = (0, 1),
    seed: UInt64 = 1
  ) -> BatchLoader {
    let dataset = Dataset(
      name: "", labels: ["a", "b", "c"], isMultiLabel: true,
      tracks: frames.indices.map { Track(path: "", id: "\($0)", labels: $0 % 2 == 0 ? [0, 2] : []) })
    return BatchLoader(
      features: features(frames: frames), dataset: dataset, indices: Array(frames.indices),
      batchSize: batchSize,
      cropFrames: crop, standardization: (standardization.0, standardization.1), seed: seed)
  }

  @Test("an epoch holds every clip with a map once, with its own targets and one whole crop of its map")
  func wholeEpoch() {
    let loader = Self.loader(frames: [20, 8, nil, 30, 9, 40, 50])
    #expect(loader.batchCount == 2)
    var seen: [Int] = []
    for index in 0..<2 {
      let batch = loader.batch(index, epoch: 3)
      #expect(batch.inputs.count == batch.batch * 2 * 8 && batch.targets.count == batch.batch * 3)
      for (row, track) in batch.tracks.enumerated() {
        let crop = Array(batch.inputs[(row * 16)..<((row + 1) * 16)])
        let start = crop[0]
        #expect(crop == (0..<2).flatMap { band in (0..<8).map { start + Float(band * 100 + $0) } })
        #expect(Int(start) / 1000 == track)
        #expect(Array(batch.targets[(row * 3)..<(row * 3 + 3)]) == (track % 2 == 0 ? [1, 0, 1] : [0, 0, 0]))
      }
      seen += batch.tracks
    }
    #expect(seen.sorted() == [0, 1, 3, 4, 5, 6])
  }

  @Test("order and crops depend on seed and epoch alone, and change with both")
  func seeded() {
    let frames: [Int?] = Array(repeating: 100, count: 16)
    let batch = Self.loader(frames: frames).batch(1, epoch: 2)
    let again = Self.loader(frames: frames)
    _ = again.batch(0, epoch: 0)
    #expect(again.batch(1, epoch: 2).inputs == batch.inputs)
    #expect(again.batch(1, epoch: 3).tracks != batch.tracks)
    #expect(Self.loader(frames: frames, seed: 2).batch(1, epoch: 2).inputs != batch.inputs)
  }

  @Test("crops reach every place of a clip, its first and its last frame too")
  func everyPlace() {
    let loader = Self.loader(frames: [12], crop: 8)
    let starts = Set((0..<200).map { Int(loader.batch(0, epoch: $0).inputs[0]) })
    #expect(starts == [0, 1, 2, 3, 4])
  }

  @Test("channels of one band at one frame stay together, in crops and chunks")
  func channels() {
    // frame · 10 + channel, band 1 a thousand higher.
    func values(from start: Float, frames: Int) -> [Float] {
      var values: [Float] = []
      for band in 0..<2 {
        for frame in 0..<frames {
          for channel in 0..<3 { values.append(start + Float(band * 1000 + frame * 10 + channel)) }
        }
      }
      return values
    }
    let map = FeatureMap(bands: 2, frames: 6, channels: 3, values: values(from: 0, frames: 6))
    let dataset = Dataset(
      name: "", labels: ["a", "b"], isMultiLabel: false, tracks: [Track(path: "", id: "0", labels: [0])])
    let loader = BatchLoader(
      features: FeatureSet(maps: [map]), dataset: dataset, indices: [0], batchSize: 1, cropFrames: 4,
      standardization: (0, 1), seed: 1)
    #expect(loader.channels == 3)
    let crop = loader.batch(0, epoch: 0).inputs
    #expect(crop == values(from: crop[0], frames: 4))
    // A chunk that is longer than the clip goes round by frames.
    let chunk = Chunks.evenlySpaced(map, frames: 7, count: 1)[0]
    #expect(Array(chunk[18..<24]) == [0, 1, 2, 1000, 1001, 1002])
  }

  @Test("a short clip is repeated to fill the crop")
  func shortClip() {
    let loader = Self.loader(frames: [3], crop: 8)
    let starts = Set((0..<50).map { Int(loader.batch(0, epoch: $0).inputs[0]) })
    #expect(starts == [0, 1, 2])
    let crop = loader.batch(0, epoch: 0).inputs.prefix(8).map { Int($0) }
    #expect(crop == (0..<8).map { (crop[0] + $0) % 3 })
  }

  @Test(
    "a last batch of one clip is left out, any other is kept",
    arguments: [(8, [4, 4]), (9, [4, 4]), (10, [4, 4, 2]), (4, [4]), (1, [1]), (0, [])])
  func batchCount(clips: Int, expected: [Int]) {
    let loader = Self.loader(frames: Array(repeating: 10, count: clips))
    #expect((0..<loader.batchCount).map { loader.batch($0, epoch: 0).batch } == expected)
  }

  @Test("values are standardised")
  func standardised() {
    let loader = Self.loader(frames: [8], standardization: (3, 2))
    #expect(loader.batch(0, epoch: 0).inputs.prefix(3) == [-1.5, -1, -0.5])
  }

  @Test(
    "chunks are evenly spaced from the first to the last frame; no two are the same",
    arguments: [
      (100, 20, 5, [0, 20, 40, 60, 80]), (22, 20, 5, [0, 1, 2]), (50, 20, 1, [15]), (20, 20, 5, [0]),
    ])
  func chunks(frames: Int, size: Int, count: Int, starts: [Int]) throws {
    let map = try #require(Self.features(frames: [frames]).maps[0])
    let chunks = Chunks.evenlySpaced(map, frames: size, count: count)
    #expect(chunks.map { Int($0[0]) } == starts)
    #expect(
      chunks.allSatisfy {
        $0.count == 2 * size && $0[size] == $0[0] + 100 && $0[size - 1] == $0[0] + Float(size - 1)
      })
  }

  @Test("a clip shorter than a chunk gives one, repeated from its start")
  func shortChunk() throws {
    let map = try #require(Self.features(frames: [3]).maps[0])
    #expect(Chunks.evenlySpaced(map, frames: 5, count: 4) == [[0, 1, 2, 0, 1, 100, 101, 102, 100, 101]])
  }
}
