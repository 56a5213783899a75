import Foundation
import MtagAudio
import MtagCore
import MtagData
import MtagTestSupport
import Synchronization
import Testing

@Suite struct StarterSetTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let size: StarterSet.Size = {
    var size = StarterSet.Size()
    size.clipsPerStyle = 5
    size.durationSeconds = 0.5
    size.sampleRateHz = 8000
    return size
  }()

  private func open(
    _ cache: String? = nil, seed: UInt64 = 1, label: String? = nil, observer: Observer = .silent
  ) throws -> Dataset {
    try StarterSet.dataset(
      cacheFolder: cache ?? folder.path, seed: seed, label: label, size: Self.size, observer: observer)
  }

  /// The bytes of every file, by name.
  private func bytes(of dataset: Dataset) throws -> [String: Data] {
    try Dictionary(
      uniqueKeysWithValues: dataset.tracks.map {
        ($0.id, try Data(contentsOf: URL(fileURLWithPath: $0.path)))
      })
  }

  @Test("ten styles, one a clip, in three parts; the instruments are several labels a clip")
  func views() throws {
    let styles = try open()
    #expect(styles.labels.count == 10 && !styles.isMultiLabel && styles.tracks.count == 50)
    #expect(styles.labelColumns == ["style"])
    let split = try Split.make(Split.defaultText(for: styles), dataset: styles, seed: 0)
    #expect(split.name == "column:split")
    #expect(split.train.count == 30 && split.valid.count == 10 && split.test.count == 10)
    #expect(split.valid.flatMap { styles.tracks[$0].labels } == Array(0..<10))

    let instruments = try open(label: "instruments")
    #expect(instruments.isMultiLabel)
    #expect(instruments.labels == ["bass", "bell", "bowed", "drum", "organ", "pad", "plucked"])
    #expect(instruments.tracks.allSatisfy { !$0.labels.isEmpty })
    #expect(message { try open(label: "genre") }.contains("'genre' not found"))
  }

  @Test("a seed gives the same bytes again, another seed others, and no two clips are the same")
  func seeded() throws {
    let first = try bytes(of: open())
    let second = try bytes(of: open(folder.path + "/other"))
    #expect(first == second)
    #expect(try bytes(of: open(seed: 2)) != first)
    #expect(Set(first.values).count == first.count)
  }

  @Test("clips are sound: of the right length, heard, not clipped, without offset")
  func sound() throws {
    for track in try open().tracks {
      let reader = try AudioReader(path: track.path, sampleRateHz: nil)
      var samples: [Float] = []
      while case let block = try reader.nextBlock(), !block.isEmpty { samples += block }
      #expect(samples.count == 4000 && reader.info.sampleRateHz == 8000)
      let peak = samples.reduce(0) { max($0, abs($1)) }
      #expect(peak > 0.1 && peak < 1, "\(track.id)")
      #expect(abs(samples.reduce(0, +) / 4000) < 0.05, "\(track.id)")
    }
  }

  @Test("what is there is not made again; a damaged set is; a README says what it is")
  func cached() throws {
    let made = Mutex(0)
    let counting = Observer(progress: { _ in made.withLock { $0 += 1 } })
    let dataset = try open(observer: counting)
    #expect(made.withLock { $0 } == 50)
    _ = try open(observer: counting)
    #expect(made.withLock { $0 } == 50)
    let before = try bytes(of: dataset)
    try Data("x".utf8).write(to: URL(fileURLWithPath: dataset.tracks[7].path))
    #expect(try bytes(of: open(observer: counting)) == before)
    #expect(made.withLock { $0 } == 100)
    let home = (dataset.tracks[0].path as NSString).deletingLastPathComponent + "/.."
    let readme = try String(contentsOfFile: home + "/README.txt", encoding: .utf8)
    #expect(readme.contains("not music of any genre") && readme.contains("seed 1"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/starter").count == 1)
  }

  @Test("several who ask at once get one whole set")
  func together() throws {
    let results = ParallelExecutor(threads: 4).map(Array(0..<4)) { _ in Result { try bytes(of: open()) } }
    let all = try results.map { try $0.get() }
    #expect(all.count == 4 && all.allSatisfy { $0 == all[0] && $0.count == 50 })
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/starter").count == 1)
  }

  @Test("an interrupted set leaves nothing behind")
  func interrupted() throws {
    let error = #expect(throws: MtagError.self) { try open(observer: Observer(isCancelled: { true })) }
    #expect(error?.kind == .interrupted)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/starter").isEmpty)
  }
}
