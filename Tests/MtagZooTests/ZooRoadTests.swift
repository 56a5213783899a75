import Foundation
import MtagTestSupport
import MtagZoo
import Testing

/// The whole road on a few tones: train, resolve, evaluate, tag.
@Suite struct ZooRoadTests {
  /// A folder per class with 2 × 8 half-second tones, and a zoo that keeps everything in the same folder.
  private static func zoo() throws -> (
    folder: TemporaryFolder, zoo: Zoo, configuration: TrainingConfiguration
  ) {
    let folder = try TemporaryFolder()
    for index in 0..<8 {
      for (name, hertz) in [("low", 300.0), ("high", 2500.0)] {
        let sound = TestSound.tone(hertz: hertz, seconds: 0.8, seed: UInt64(index))
        try folder.write(sound, "music/\(name)/\(index).wav")
      }
    }
    let zoo = try Zoo(cacheFolder: folder.file("cache"), runsFolder: folder.file("runs"))
    var configuration = TrainingConfiguration(threads: 2)
    configuration.overrides = ["widths": .array([.integer(4), .integer(4)]), "hidden": .integer(8)]
    configuration.dataset = folder.file("music")
    configuration.split = "random:0.75"
    configuration.cropFrames = 16
    configuration.batchSize = 4
    configuration.epochs = 3
    return (folder, zoo, configuration)
  }

  @Test("a trained run is found as the newest, evaluated on its held-out clips, and tags files and folders")
  func road() throws {
    let (folder, zoo, configuration) = try Self.zoo()
    let report = try zoo.train(configuration)
    #expect(try zoo.newestRun() == report.folder.path && report.folder.path.hasSuffix("-cnn4"))
    let evaluation = try zoo.evaluate(EvaluationRequest(threads: 2))
    #expect(evaluation.split.part == "valid" && evaluation.clips == 4)
    #expect(evaluation == report.validation)
    var request = EvaluationRequest(threads: 1)
    request.dataset = folder.file("music")
    let all = try zoo.evaluate(request)
    #expect(all.split.name == "all" && all.clips == 16 && all.confusion.joined().reduce(0, +) == 16)
    var paths: [String] = []
    try zoo.tag([folder.file("music"), folder.file("music/low/0.wav")], top: 1, threads: 2) { outcome in
      if case .tagged(let result) = outcome { paths.append(result.path) }
    }
    #expect(paths.count == 17 && paths[0] == folder.file("music/high/0.wav"))
  }

  @Test("weights of another front-end are no start, and the fields that differ are named")
  func startOfAnotherFrontEnd() throws {
    var (folder, zoo, configuration) = try Self.zoo()
    configuration.epochs = 1
    configuration.initialWeights = try zoo.train(configuration).folder.best
    configuration.features = "melspec-peak"
    let error = try #require(throws: MtagError.self) { try zoo.train(configuration) }
    #expect(error.kind == .badData && error.message.contains("melNorm"), "\(error.message)")
    configuration.features = "melspec"
    _ = try zoo.train(configuration, runFolder: folder.file("again"))
  }

  @Test("runs that start in the same second have folders of their own")
  func freshFolders() async throws {
    let (_, zoo, _) = try Self.zoo()
    let folders = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try zoo.freshRunFolder(model: "cnn4") } }
      return try await group.reduce(into: Set<String>()) { $0.insert($1) }
    }
    #expect(folders.count == 16)
  }

  #if !os(macOS)
    @Test("the cache is where the environment says")
    func cacheFolder() {
      #expect(CacheFolder.standard(environment: ["HOME": "/h"]) == "/h/.cache/mtag-zoo")
      #expect(CacheFolder.standard(environment: ["HOME": "/h", "XDG_CACHE_HOME": "/x"]) == "/x/mtag-zoo")
      #expect(CacheFolder.standard(environment: ["HOME": "/h", "MTAG_CACHE": "/m"]) == "/m")
    }
  #endif

  @Test("a batch with clips that fail tags the others, in order, and then says how many failed")
  func failures() throws {
    let (folder, zoo, configuration) = try Self.zoo()
    _ = try zoo.train(configuration)
    try folder.write("no sound", "bad.wav")
    let clips = [folder.file("bad.wav"), folder.file("music/low/0.wav"), folder.file("gone.wav")]
    var outcomes: [String] = []
    let error = try #require(throws: MtagError.self) {
      try zoo.tag(clips, threads: 2) { outcome in
        switch outcome {
        case .tagged(let result): outcomes.append(result.path)
        case .failed(let path, let error): outcomes.append("\(path) failed: \(error.kind)")
        }
      }
    }
    #expect(outcomes == ["\(clips[0]) failed: badData", clips[1], "\(clips[2]) failed: inputMissing"])
    #expect(error.kind == .badData && error.message.contains("2 of 3"))
  }

  @Test("a run that is interrupted resumes from any folder, by its path alone")
  func resume() throws {
    let (folder, zoo, configuration) = try Self.zoo()
    _ = try zoo.train(configuration, runFolder: folder.file("whole"))
    let stop = Observer(isCancelled: {
      FileManager.default.fileExists(atPath: folder.file("half/last.safetensors"))
    })
    #expect(throws: MtagError.self) {
      try zoo.train(configuration, runFolder: folder.file("half"), observer: stop)
    }
    _ = try zoo.resume(folder.file("half"), threads: 1)
    let (whole, half) = (folder.file("whole/last.safetensors"), folder.file("half/last.safetensors"))
    #expect(FileManager.default.contentsEqual(atPath: whole, andPath: half))
  }

  @Test("weights that fit are taken from another model, the head for other labels starts fresh")
  func warmStart() throws {
    let (folder, zoo, first) = try Self.zoo()
    let source = try zoo.train(first, runFolder: folder.file("first")).folder.best
    try folder.write(TestSound.tone(hertz: 1000, seconds: 0.8), "music/middle/0.wav")
    var second = first
    second.initialWeights = source
    let job = try zoo.job(second, runFolder: folder.file("second"), observer: .silent)
    let weights = try Model.load(source).weights
    #expect(job.initialWeights["block1.conv.weight"] == weights["block1.conv.weight"])
    #expect(job.initialWeights["logits.weight"]?.count == 3 * 8 && weights["logits.weight"]?.count == 2 * 8)
  }

  @Test("without a run, the error says how to make one")
  func noRun() throws {
    let zoo = try Zoo(runsFolder: "/nowhere/runs")
    let error = try #require(throws: MtagError.self) { try zoo.model(nil) }
    #expect(error.kind == .inputMissing && error.message.contains("mtag-zoo train"))
    let wrong = try #require(throws: MtagError.self) { try zoo.model("cnn4") }
    #expect(wrong.message.contains("architecture without weights"))
  }
}
