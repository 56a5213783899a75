import Foundation
import MtagCore
import MtagData
import MtagFeatures
import MtagTestSupport
import Synchronization
import Testing

/// What a cache of bounded size, shared by anyone, must hold for those who use it.
@Suite struct FeatureCacheTests {
  let folder: TemporaryFolder
  let dataset: Dataset
  var cache: String { folder.file("cache") }
  var features: String { cache + "/features" }

  /// Eight clips, longer and longer: their maps have 32, 40, … bytes of values.
  init() throws {
    folder = try TemporaryFolder()
    for index in 0..<8 {
      try folder.writeSound("\(index).wav", seconds: 0.4 + 0.1 * Double(index), seed: index + 1)
    }
    dataset = Dataset(
      name: "clips", labels: ["x"], isMultiLabel: false,
      tracks: (0..<8).map { [folder] in Track(path: folder.file("\($0).wav"), id: "\($0)", labels: [0]) })
  }

  @discardableResult
  private func compute(
    _ indices: [Int] = Array(0..<8), limit: CacheLimit = .automatic, extractor: FrameMeans? = nil,
    cacheFolder: String? = nil, notes: Lines = Lines()
  ) throws -> FeatureSet {
    try FeatureSet.compute(
      dataset, indices: indices, extractor: extractor ?? FrameMeans(), cacheFolder: cacheFolder ?? cache,
      cacheLimit: limit, threads: 2,
      observer: Observer(note: notes.add, problem: { notes.add("problem: " + $0) }))
  }

  /// Lines from several threads.
  final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    @Sendable func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  /// The maps' files, by size.
  private func files() throws -> [(path: String, bytes: Int)] {
    try FileManager.default.subpathsOfDirectory(atPath: features).filter { $0.hasSuffix(".features") }
      .map { name in
        let size = try FileManager.default.attributesOfItem(atPath: features + "/" + name)[.size] as? Int
        return (features + "/" + name, size ?? 0)
      }
      .sorted { $0.1 < $1.1 }
  }

  /// Sets when a map was last used.
  private func use(_ path: String, secondsAgo: Double) throws {
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)], ofItemAtPath: path)
  }

  @Test("a map has the same bits whether it is computed, cached, not cached or did not fit")
  func sameBits() throws {
    let bits = { (set: FeatureSet) in set.maps.map { $0?.values.map(\.bitPattern) } }
    for function: @Sendable (Float) -> Float in [{ 20 * log10(abs($0) + 1e-4) }, { exp(12 * $0) }] {
      try? FileManager.default.removeItem(atPath: cache)
      let extractor = try FrameMeans(function: function)
      let cold = try compute(extractor: extractor)
      let warm = try compute(extractor: extractor)
      #expect(warm.cachedCount == 8 && bits(warm) == bits(cold))
      #expect(try bits(compute(limit: .bytes(0), extractor: extractor)) == bits(cold))
      #expect(try bits(compute(limit: .bytes(900), extractor: extractor)) == bits(cold))
      #expect(
        try bits(
          FeatureSet.compute(
            dataset, indices: Array(0..<8), extractor: extractor, cacheFolder: nil, threads: 1,
            observer: .silent))
          == bits(cold))
    }
  }

  @Test("levels take half the space and lose less than 0.01 dB; tiny values beside large ones keep every bit")
  func precision() throws {
    func exact(_ function: @escaping @Sendable (Float) -> Float) throws -> (FeatureSet, [[Float]]) {
      let extractor = try FrameMeans(function: function)
      let plain = try dataset.tracks.map { track in
        let clip = try AudioSamples.load(track.path)
        return try extractor.extract(clip).values
      }
      return (try compute(extractor: extractor), plain)
    }
    let (levels, levelValues) = try exact { 20 * log10(abs($0) + 1e-4) }
    for (map, values) in zip(levels.maps, levelValues) {
      let map = try #require(map)
      #expect(zip(map.values, values).allSatisfy { abs($0 - $1) < 0.01 } && map.values != values)
    }
    #expect(try files().map(\.bytes) == levelValues.map { 192 + 2 * $0.count + 8 })
    try FileManager.default.removeItem(atPath: cache)
    let (powers, powerValues) = try exact { exp(60 * abs($0)) }
    for (map, values) in zip(powers.maps, powerValues) { #expect(map?.values == values) }
    #expect(try files().map(\.bytes) == powerValues.map { 192 + 4 * $0.count + 8 })
  }

  @Test("what was not used for the longest time goes first, and only as much as must")
  func leastRecentlyUsed() throws {
    try compute(Array(0..<7))
    let all = try files()
    for (index, file) in all.enumerated() {
      try use(file.path, secondsAgo: index == 2 ? 900 : 100 + Double(index))
    }
    let used = all.reduce(0) { $0 + $1.bytes }
    // Reading a map is using it, whatever the disk notes of readings.
    try compute([6])
    try use(all[5].path, secondsAgo: 300)
    try compute([7], limit: .bytes(used + 100))
    let left = try files().map(\.path)
    // The new map is larger than one of the old ones, smaller than two.
    #expect(Set(all.map(\.path)).subtracting(left) == [all[2].path, all[5].path] && left.count == 6)
    let (size, limit) = try (files().reduce(0) { $0 + $1.bytes }, used + 100)
    #expect(size <= limit)
  }

  @Test(
    "a data set larger than the limit keeps what fits, never removes its own maps, and says so once with numbers"
  )
  func tooLarge() throws {
    let plain = try compute(cacheFolder: folder.file("other"))
    let notes = Lines()
    let set = try compute(limit: .bytes(1000), notes: notes)
    #expect(set.maps == plain.maps)
    let kept = try files()
    #expect((1...4).contains(kept.count) && kept.reduce(0) { $0 + $1.bytes } <= 1000)
    try #require(notes.all.count == 1)
    #expect(
      notes.all[0].contains("\(8 - kept.count) maps") && notes.all[0].contains("1.00 kB"), "\(notes.all)")
    #expect(notes.all[0].contains("--cache-limit 1MB"), "\(notes.all)")
    // The next run finds those that were kept, and they are still the same ones.
    let again = try compute(limit: .bytes(1000))
    #expect(again.cachedCount == kept.count && again.maps == plain.maps)
    #expect(try files().map(\.path) == kept.map(\.path))
  }

  @Test("the same sound in several tracks is computed and kept once")
  func duplicates() throws {
    let extractor = try FrameMeans()
    let twice = Dataset(
      name: "twice", labels: ["x"], isMultiLabel: false, tracks: dataset.tracks + dataset.tracks.reversed())
    let set = try FeatureSet.compute(
      twice, indices: Array(0..<16), extractor: extractor, cacheFolder: cache, threads: 1, observer: .silent)
    #expect(extractor.made.value == 8 && set.maps[0] == set.maps[15])
    #expect(try files().count == 8)
  }

  @Test("a file that changes while its features are computed is not kept under its old content")
  func changing() throws {
    let path = folder.file("0.wav")
    let extractor = try FrameMeans()
    let started = Lines()
    // The lookup of the last track comes after the hash of the first; then the first is replaced.
    let observer = Observer(isCancelled: { [folder] in
      started.add("")
      if started.all.count == 3 { _ = try? folder.writeSound("0.wav", seconds: 0.3, seed: 99) }
      return false
    })
    let set = try FeatureSet.compute(
      dataset, indices: [0, 1], extractor: extractor, cacheFolder: cache, threads: 1, observer: observer)
    #expect(set.maps[0]?.frames == 24 && FileManager.default.fileExists(atPath: path))
    #expect(try files().count == 1)
    #expect(try compute([0]).maps[0] == set.maps[0])
  }

  @Test("a lower limit removes what is too much; 0 keeps none; maps that someone has stay readable")
  func lowered() throws {
    let set = try compute()
    let values = set.maps.map { $0?.values }
    try compute([0], limit: .bytes(600))
    #expect(try files().reduce(0) { $0 + $1.bytes } <= 600 && !files().isEmpty)
    try compute(limit: .bytes(0))
    #expect(try files().isEmpty)
    #expect(set.maps.map { $0?.values } == values)
  }

  @Test(
    "the count of bytes mends itself",
    arguments: ["", "none\n", "00000000000000000000\n", "00999999999999999999\n"])
  func ledger(_ text: String) throws {
    try compute(Array(0..<4))
    try FileManager.default.removeItem(atPath: features + "/.bytes")
    if !text.isEmpty { try folder.write(text, "cache/features/.bytes") }
    try compute()
    // Too small a count is no fault of ours; one that is too large, or none, must not remove or refuse anything.
    #expect(try files().count == 8)
  }

  @Test("a cache that cannot be written to is a problem noted once, not an error")
  func unwritable() throws {
    let plain = try compute(cacheFolder: folder.file("other"))
    try folder.write("in the way", "cache/features")
    let notes = Lines()
    let set = try compute(notes: notes)
    #expect(set.maps == plain.maps && set.cachedCount == 0)
    #expect(
      notes.all.count == 1 && notes.all[0].hasPrefix("problem: the cache \(cache) cannot keep 8 maps"),
      "\(notes.all)")
    // A cache folder that cannot even be made is a wrong one.
    let error = #expect(throws: MtagError.self) { try compute(cacheFolder: folder.file("0.wav/cache")) }
    #expect(error?.kind == .cannotCreate)
  }

  @Test("clearing takes what was asked for, and nothing that is not the cache's")
  func clearing() throws {
    let other = try FrameMeans(hopLength: 50)
    try compute()
    try compute([0, 1], extractor: other)
    let hashes = try [FrameMeans().spec.sha256(), other.spec.sha256()]
    let foreign = [
      "cache/notes.txt", "cache/features/notes.txt", "cache/features/\(hashes[0])/mine.features",
      "cache/features/\(hashes[0])/.5.6.part.mine", "cache/contents/notes.txt",
    ]
    for name in foreign { try folder.write("mine", name) }
    let link = features + "/" + String(repeating: "a", count: 64)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: features + "/" + hashes[1])
    let abandoned = try folder.write("half", "cache/features/\(hashes[1])/.123.456.part")
    try use(abandoned, secondsAgo: 3600)

    let summary = try CacheSummary(cacheFolder: cache, limit: .bytes(5000))
    #expect(summary.maps == 10 && summary.features.map(\.maps) == [8, 2] && summary.abandonedFiles == 1)
    #expect(
      summary.features.allSatisfy { $0.half == $0.maps && $0.name == "means" } && summary.limitBytes == 5000)
    #expect(
      try summary.bytes == files().filter { !$0.path.contains("mine") }.reduce(0) { $0 + $1.bytes }
        - twoMaps(link))

    let oldest = try #require(files().first { $0.path.contains(hashes[0]) && !$0.path.contains("mine") })
    try use(oldest.path, secondsAgo: 86_400 * 31)
    let old = try CacheClearing.clear(cacheFolder: cache, unusedSeconds: 86_400 * 30)
    #expect(old.maps == 1 && old.abandonedFiles == 1 && old.bytes == oldest.bytes + 4)
    let second = try CacheClearing.clear(cacheFolder: cache, specHashes: [hashes[1]])
    #expect(second.maps == 2 && !FileManager.default.fileExists(atPath: features + "/" + hashes[1]))
    let rest = try CacheClearing.clear(cacheFolder: cache)
    #expect(rest.maps == 7)
    for name in foreign {
      #expect(FileManager.default.contents(atPath: folder.file(name)) == Data("mine".utf8), "\(name)")
    }
    #expect(try CacheSummary(cacheFolder: cache, limit: .automatic).maps == 0)
    #expect(try CacheClearing.clear(cacheFolder: cache).bytes == 0)
    #expect(try compute().cachedCount == 0)
  }

  /// Bytes of the maps behind a link, which are seen twice by whoever follows it.
  private func twoMaps(_ link: String) throws -> Int {
    try files().filter { $0.path.hasPrefix(link) }.reduce(0) { $0 + $1.bytes }
  }

  @Test("many threads that compute, clear and evict at once get right maps, and the limit holds")
  func together() throws {
    let plain = try compute(cacheFolder: folder.file("other"))
    DispatchQueue.concurrentPerform(iterations: 12) { worker in
      for _ in 0..<4 {
        do {
          if worker % 6 == 5 {
            _ = try CacheClearing.clear(cacheFolder: cache)
          } else {
            let set = try compute(limit: worker % 2 == 0 ? .automatic : .bytes(1500))
            #expect(set.maps == plain.maps)
          }
        } catch {
          Issue.record("worker \(worker): \(error)")
        }
      }
    }
    try compute(limit: .bytes(1500))
    #expect(try files().reduce(0) { $0 + $1.bytes } <= 1500)
  }
}
