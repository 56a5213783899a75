import Foundation
import MtagTestSupport
import MtagZoo
import Testing

/// What a network was made for is what it is used with, unless the user says otherwise.
@Suite struct CardDefaultTests {
  private static func probe(chunk: Int?, features: String = "panns", layers: String = "") throws
    -> ArchitectureEntry
  {
    let text = """
      name: probe
      features: \(features)
      \(chunk.map { "chunk_frames: \($0)" } ?? "")
      layers:
        - conv: {channels: 4, kernel: 3, stride: 2}
        - relu
      \(layers)
        - mean: both
        - linear: $labels
          name: logits
      """
    return ArchitectureEntry(try DeclaredArchitecture(text: text, file: "probe.yaml"))
  }

  private static func zoo(_ entry: ArchitectureEntry, _ folder: TemporaryFolder) throws -> Zoo {
    for index in 0..<4 {
      for (name, hertz) in [("low", 300.0), ("high", 2500.0)] {
        let sound = TestSound.tone(hertz: hertz, seconds: 0.5, seed: UInt64(index))
        try folder.write(sound, "music/\(name)/\(index).wav")
      }
    }
    return try Zoo(
      extraArchitectures: [entry], cacheFolder: folder.file("cache"), runsFolder: folder.file("runs"))
  }

  private static func configuration(_ folder: TemporaryFolder) -> TrainingConfiguration {
    var configuration = TrainingConfiguration(threads: 1)
    configuration.model = "probe"
    configuration.dataset = folder.file("music")
    configuration.split = "random:0.5"
    (configuration.epochs, configuration.batchSize) = (1, 2)
    return configuration
  }

  @Test("training takes the card's features, and its chunk as far as the clips reach, and says so")
  func training() throws {
    let folder = try TemporaryFolder()
    let zoo = try Self.zoo(try Self.probe(chunk: 1000), folder)
    let notes = Notes()
    let report = try zoo.train(Self.configuration(folder), observer: Observer(note: { notes.add($0) }))
    let model = try Model.load(report.folder.best)
    // Half a second at 32 kHz and a hop of 320 samples, centred.
    #expect(model.featureSpec.name == "panns" && model.chunkFrames == 51)
    #expect(notes.all.contains { $0.contains("crops of 1000 frames") && $0.contains("51") }, "\(notes.all)")
    let written = try TrainingConfiguration.load(report.folder.configuration)
    #expect(written.features == "panns" && written.cropFrames == 51)
    // The run as written gives the same weights again.
    var again = written
    again.threads = 2
    let second = try zoo.train(again, runFolder: folder.file("again"))
    #expect(try Model.load(second.folder.best).weights == model.weights)
  }

  @Test("a chunk that clips reach is taken whole; the user's own crop and features come first")
  func chosen() throws {
    let folder = try TemporaryFolder()
    let zoo = try Self.zoo(try Self.probe(chunk: 20), folder)
    #expect(try Model.load(try zoo.train(Self.configuration(folder)).folder.best).chunkFrames == 20)
    var configuration = Self.configuration(folder)
    (configuration.cropFrames, configuration.features) = (9, "melspec")
    let model = try Model.load(try zoo.train(configuration).folder.best)
    #expect(model.chunkFrames == 9 && model.featureSpec.name == "melspec")
    // With other features the chunk is as long in seconds: 20 hops of 10 ms are 8.6 of 23.2 ms.
    configuration.cropFrames = nil
    #expect(try Model.load(try zoo.train(configuration).folder.best).chunkFrames == 9)
  }

  @Test("a network that names no chunk trains on 256 frames, as ever")
  func unnamed() throws {
    let folder = try TemporaryFolder()
    let zoo = try Self.zoo(try Self.probe(chunk: nil), folder)
    #expect(try Model.load(try zoo.train(Self.configuration(folder)).folder.best).chunkFrames == 256)
  }

  @Test("a crop beyond what the network takes is refused before any sound is read")
  func limits() throws {
    let folder = try TemporaryFolder()
    let entry = try Self.probe(
      chunk: 40, layers: "  - conv: {channels: 4, kernel: [all, 5], padding: none}\n  - positions: [1, 30]")
    let zoo = try Self.zoo(entry, folder)
    var configuration = Self.configuration(folder)
    for (crop, words) in [(5, "needs 9"), (100, "at most 68")] {
      configuration.cropFrames = crop
      let error = try #require(throws: MtagError.self) { try zoo.train(configuration) }
      #expect(error.kind == .usage && error.message.contains(words), "\(error.message)")
    }
    let row = try #require(try zoo.listing([.models], patterns: ["probe"]).models?.first)
    #expect(row.inputFrames == 40 && row.minimumFrames == 9 && row.features == "panns")
    guard case .architecture(let info) = try zoo.info("probe") else {
      throw MtagError(.usage, "no architecture")
    }
    #expect(info.maximumFrames == 68 && info.row.features == "panns")
    #expect(try zoo.untrained("probe", overrides: [:], features: nil, labels: 2, seed: 0).chunkFrames == 40)
  }
}
