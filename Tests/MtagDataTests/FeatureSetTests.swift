import Foundation
import MtagCore
import MtagData
import MtagFeatures
import MtagTestSupport
import Synchronization
import Testing

@Suite struct FeatureSetTests {
  let folder: TemporaryFolder
  let dataset: Dataset
  let cache: String

  /// Six clips that can be read, and four that cannot: not there, a folder, no sound, empty.
  init() throws {
    folder = try TemporaryFolder()
    cache = folder.path + "/cache"
    for index in 0..<6 {
      try folder.writeSound("\(index).wav", seconds: 0.1 + 0.05 * Double(index), seed: index + 1)
    }
    try folder.write("no sound at all, but long enough for a header of any kind", "7.wav")
    try folder.write("", "8.wav")
    try AtomicFile.makeFolder(folder.path + "/9.wav")
    dataset = Dataset(
      name: "clips", labels: ["x"], isMultiLabel: false,
      tracks: (0..<10).map { [folder] in Track(path: "\(folder.path)/\($0).wav", id: "\($0).wav", labels: [0])
      })
  }

  private func compute(
    _ extractor: FrameMeans, indices: [Int] = Array(0..<10), cached: Bool = true, threads: Int = 2,
    observer: Observer = .silent
  ) throws -> FeatureSet {
    try FeatureSet.compute(
      dataset, indices: indices, extractor: extractor, cacheFolder: cached ? cache : nil, threads: threads,
      observer: observer)
  }

  @Test("clips that cannot be read are set aside with file and reason, and the rest goes on")
  func skipped() throws {
    let notes = Mutex<[String]>([])
    let observer = Observer(note: { line in notes.withLock { $0.append(line) } })
    let features = try compute(FrameMeans(), observer: observer)
    #expect(
      features.maps.map { $0 != nil } == Array(repeating: true, count: 6) + Array(repeating: false, count: 4))
    #expect(features.skipped.map(\.path) == (6..<10).map { "\(folder.path)/\($0).wav" })
    #expect(features.skipped.allSatisfy { $0.reason.contains($0.path) })
    #expect(features.skipped[0].reason.contains("not there"))
    #expect(features.skipped[3].reason.contains("folder"))
    #expect(notes.withLock { $0.count } == 4)
    #expect(notes.withLock { $0 }.allSatisfy { $0.components(separatedBy: folder.path).count == 2 })
  }

  @Test("what was odd about a file is noted under its present name alone, from the cache too")
  func warnings() throws {
    let notes = Mutex<[String]>([])
    let observer = Observer(note: { line in notes.withLock { $0.append(line) } })
    let sound = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/5.wav"))
    try folder.write(sound.dropLast(200), "6.wav")
    _ = try compute(FrameMeans(), indices: [6], observer: observer)
    try FileManager.default.moveItem(atPath: folder.path + "/6.wav", toPath: folder.path + "/0.wav.new")
    try FileManager.default.removeItem(atPath: folder.path + "/0.wav")
    try FileManager.default.moveItem(atPath: folder.path + "/0.wav.new", toPath: folder.path + "/0.wav")
    #expect(try compute(FrameMeans(), indices: [0], observer: observer).cachedCount == 1)
    let lines = notes.withLock { $0 }
    try #require(lines.count == 2)
    for (line, name) in zip(lines, ["6.wav", "0.wav"]) {
      #expect(line.hasPrefix("\(folder.path)/\(name): the header claims"), "\(line)")
      #expect(line.components(separatedBy: folder.path).count == 2, "\(line)")
    }
  }

  @Test("a set of which nothing can be read is an error")
  func nothing() throws {
    #expect(
      message { try compute(FrameMeans(), indices: [6, 7]) }.contains("none of the 2 clips of 'clips'"))
  }

  @Test("cached maps are the same bytes, computed once, for any number of threads")
  func cached() throws {
    let extractor = try FrameMeans()
    let first = try compute(extractor, threads: 3)
    #expect(extractor.made.value == 6 && first.cachedCount == 0)
    let second = try compute(extractor, threads: 1)
    #expect(extractor.made.value == 6 && second.cachedCount == 6)
    #expect(second.maps == first.maps)
    #expect(try compute(FrameMeans(), cached: false).maps == first.maps)
  }

  @Test("a cache that holds everything but cannot be written to is used as it is")
  func readOnlyCache() throws {
    let first = try compute(FrameMeans())
    let index = cache + "/contents"
    if FileManager.default.fileExists(atPath: index) { try FileManager.default.removeItem(atPath: index) }
    // A file where the index's folder should be: that cannot be written, not even by an administrator.
    try folder.write("in the way", "cache/contents")
    Thread.sleep(forTimeInterval: 2.1)
    let second = try compute(FrameMeans())
    #expect(second.cachedCount == 6)
    #expect(second.maps == first.maps)
  }

  @Test("another spec or another content is computed anew; another name for the same content is not")
  func keys() throws {
    let extractor = try FrameMeans()
    let first = try compute(extractor)
    let other = try FrameMeans(hopLength: 50)
    #expect(try compute(other).cachedCount == 0)
    try folder.writeSound("0.wav", seconds: 0.3, seed: 11)
    try FileManager.default.copyItem(atPath: folder.path + "/1.wav", toPath: folder.path + "/6.wav")
    let second = try compute(extractor)
    #expect(extractor.made.value == 7 && second.cachedCount == 6)
    #expect(second.maps[0] != first.maps[0])
    #expect(second.maps[6] == first.maps[1])
  }

  @Test(
    "a damaged cache entry is computed anew and mended",
    arguments: ["cut", "empty", "longer", "huge sizes", "huge frames", "other sound", "a folder", "a pipe"])
  func damaged(kind: String) throws {
    let extractor = try FrameMeans()
    let first = try compute(extractor, indices: [0, 1])
    let entries = try FileManager.default.subpathsOfDirectory(atPath: cache).filter {
      $0.hasSuffix(".features")
    }
    .map { cache + "/" + $0 }
    #expect(entries.count == 2)
    var data = try Data(contentsOf: URL(fileURLWithPath: entries[0]))
    switch kind {
    case "cut": data.removeLast(100)
    case "empty": data = Data()
    case "longer": data.append(0)
    case "huge sizes": data.replaceSubrange(16..<24, with: [UInt8](repeating: 0xFF, count: 8))
    case "huge frames": data.replaceSubrange(24..<32, with: [UInt8](repeating: 0x7F, count: 8))
    case "other sound": data = try Data(contentsOf: URL(fileURLWithPath: entries[1]))
    default: break
    }
    // Replaced, not changed in place: a file that is mapped must stay as it is.
    try data.write(to: URL(fileURLWithPath: entries[0]), options: .atomic)
    if kind.hasPrefix("a ") { try FileManager.default.removeItem(atPath: entries[0]) }
    if kind == "a pipe" { #expect(mkfifo(entries[0], 0o600) == 0) }
    if kind == "a folder" {
      // What cannot be replaced is not kept, and said so.
      try AtomicFile.makeFolder(entries[0] + "/folder")
      let problems = Mutex<[String]>([])
      let again = try compute(
        extractor, indices: [0, 1],
        observer: Observer(problem: { line in problems.withLock { $0.append(line) } }))
      #expect(again.maps == first.maps && again.cachedCount == 1)
      #expect(
        problems.withLock { $0 }.count == 1 && problems.withLock { $0 }[0].contains("cannot keep 1 maps"))
      return
    }
    let again = try compute(extractor, indices: [0, 1])
    #expect(again.maps == first.maps)
    #expect(again.cachedCount == 1)
    #expect(try compute(extractor, indices: [0, 1]).cachedCount == 2)
  }

  @Test("a flipped bit anywhere in a cached map is noticed before its values are used")
  func flippedBits() throws {
    let extractor = try FrameMeans()
    try folder.write(Data(contentsOf: URL(fileURLWithPath: folder.path + "/0.wav")).dropLast(200), "0.wav")
    let first = try compute(extractor, indices: [0])
    let name = try #require(
      FileManager.default.subpathsOfDirectory(atPath: cache).first { $0.hasSuffix(".features") })
    let url = URL(fileURLWithPath: cache + "/" + name)
    let data = try Data(contentsOf: url)
    #expect(data.count > 192 + 2 * 6 + 8)
    for index in data.indices {
      var damaged = data
      damaged[index] ^= 1 << UInt8(index % 8)
      try damaged.write(to: url, options: .atomic)
      let again = try compute(extractor, indices: [0])
      #expect(again.cachedCount == 0 && again.maps == first.maps, "byte \(index)")
    }
    #expect(try compute(extractor, indices: [0]).cachedCount == 1)
  }

  @Test("progress counts every clip, and the work stops when the user asks")
  func observed() throws {
    let seen = Mutex<[Int]>([])
    let watching = Observer(progress: { update in
      seen.withLock { $0.append(update.done) }
      #expect(update.total == 10 && update.unit == "clip")
    })
    _ = try compute(FrameMeans(), observer: watching)
    #expect(seen.withLock { $0.sorted() } == Array(1...10))

    let extractor = try FrameMeans(hopLength: 25)
    let stopping = Observer(isCancelled: { extractor.made.value >= 2 })
    let error = #expect(throws: MtagError.self) { try compute(extractor, threads: 1, observer: stopping) }
    #expect(error?.kind == .interrupted)
    #expect(extractor.made.value == 2)
  }

  @Test("mean and deviation are those of all values; a constant map gives a deviation that can be divided by")
  func standardization() {
    let features = FeatureSet(maps: [
      FeatureMap(bands: 1, frames: 3, values: [1, 2, 3]), nil, FeatureMap(bands: 1, frames: 1, values: [10]),
    ])
    let all = features.standardization(indices: [0, 1, 2])
    #expect(all.mean == 4)
    #expect(abs(all.deviation - Float(12.5).squareRoot()) < 1e-6)
    let constant = features.standardization(indices: [2])
    #expect(constant.mean == 10 && constant.deviation == 1)
    let none = features.standardization(indices: [1])
    #expect(none.mean == 0 && none.deviation == 1)
  }
}
