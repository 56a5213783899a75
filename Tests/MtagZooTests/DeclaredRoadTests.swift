import Foundation
import MtagTestSupport
import MtagZoo
import Testing

/// The whole road with an architecture that is a file of the user's.
@Suite struct DeclaredRoadTests {
  private static let text = """
    name: mine
    features: melspec
    settings: {width: 4}
    layers:
      - conv: {channels: $width, kernel: 3}
      - relu
      - max_pool: 4
      - mean: both
      - linear: $labels
        name: logits
    """

  private static func start() throws -> (
    folder: TemporaryFolder, zoo: Zoo, configuration: TrainingConfiguration
  ) {
    let folder = try TemporaryFolder()
    for index in 0..<4 {
      for (name, hertz) in [("low", 300.0), ("high", 2500.0)] {
        let sound = TestSound.tone(hertz: hertz, seconds: 0.5, seed: UInt64(index))
        try folder.write(sound, "music/\(name)/\(index).wav")
      }
    }
    try folder.write(text, "mine.yaml")
    let zoo = try Zoo(cacheFolder: folder.file("cache"), runsFolder: folder.file("runs"))
    var configuration = TrainingConfiguration(threads: 1)
    configuration.model = folder.file("mine.yaml")
    configuration.overrides = ["width": .integer(6)]
    configuration.dataset = folder.file("music")
    configuration.split = "random:0.5"
    (configuration.epochs, configuration.batchSize, configuration.cropFrames) = (2, 2, 16)
    return (folder, zoo, configuration)
  }

  @Test("it trains, and afterwards nothing needs the file any more")
  func road() throws {
    let (folder, zoo, configuration) = try Self.start()
    let report = try zoo.train(configuration)
    #expect(report.folder.path.hasSuffix("-mine"))
    try FileManager.default.removeItem(atPath: folder.file("mine.yaml"))
    let model = try Model.load(report.folder.best)
    #expect(model.graph.name == "mine" && model.weights["conv.weight"]?.count == 6 * 9)
    var tagged = 0
    try zoo.tag([folder.file("music/low")], threads: 1) { if case .tagged = $0 { tagged += 1 } }
    #expect(tagged == 4)
    _ = try zoo.evaluate(EvaluationRequest(threads: 1))
    #expect(FileManager.default.fileExists(atPath: try zoo.exportONNX(nil, to: folder.file("mine.onnx"))))
    guard case .model(_, let shown, _) = try zoo.info(report.folder.path) else {
      Issue.record("a run is shown as a model")
      return
    }
    #expect(shown.graph == model.graph)
    // The run's own copy is enough to repeat it, wherever the run is moved to.
    try FileManager.default.moveItem(atPath: report.folder.path, toPath: folder.file("moved"))
    let again = try TrainingConfiguration.load(folder.file("moved/config.yaml"))
    let second = try zoo.train(again, runFolder: folder.file("second"))
    #expect(
      try Model.load(second.folder.last).weights == Model.load(folder.file("moved/last.safetensors")).weights)
  }

  @Test("a run that was stopped goes on to the same bytes without the file")
  func resume() throws {
    let (folder, zoo, configuration) = try Self.start()
    _ = try zoo.train(configuration, runFolder: folder.file("whole"))
    let stop = Observer(isCancelled: {
      FileManager.default.fileExists(atPath: folder.file("half/last.safetensors"))
    })
    #expect(throws: MtagError.self) {
      try zoo.train(configuration, runFolder: folder.file("half"), observer: stop)
    }
    try FileManager.default.removeItem(atPath: folder.file("mine.yaml"))
    _ = try zoo.resume(folder.file("half"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("whole/last.safetensors"), andPath: folder.file("half/last.safetensors")))
    // An edited copy is noticed.
    try folder.write(Self.text.replacing("max_pool: 4", with: "max_pool: 2"), "half/architecture.yaml")
    let error = try #require(throws: MtagError.self) { try zoo.resume(folder.file("half")) }
    #expect(error.message.contains("architecture mine has changed"), "\(error.message)")
  }

  @Test("it is listed, described, exported and timed by its path; a file that is not there is named")
  func elsewhere() throws {
    let (folder, zoo, configuration) = try Self.start()
    let rows = try zoo.listing([.models], patterns: [configuration.model, "cnn4"]).models
    #expect(rows?.map(\.name) == ["cnn4", "mine"])
    guard case .architecture(let info) = try zoo.info(configuration.model, settings: ["width=3"]) else {
      Issue.record("a file is shown as an architecture")
      return
    }
    #expect(info.settings["width"] == .integer(3) && info.layers[0].output.channels == 3)
    let path = try zoo.exportUntrainedONNX(model: configuration.model, to: folder.file("a.onnx"))
    #expect(FileManager.default.fileExists(atPath: path))
    var options = BenchOptions()
    (options.model, options.frames, options.batchSize, options.repeats) = (configuration.model, 16, 1, 1)
    #expect(try zoo.benchInference(options).times.min > 0)
    let missing = try #require(throws: MtagError.self) { try zoo.info(folder.file("other.yaml")) }
    #expect(missing.kind == .inputMissing && missing.message.contains("other.yaml"))
    try folder.write(Self.text.replacing("features: melspec", with: "features: melspek"), "odd.yaml")
    let features = try #require(throws: MtagError.self) { try zoo.info(folder.file("odd.yaml")) }
    #expect(
      features.kind == .badData && features.message.contains("odd.yaml: features: ")
        && features.message.contains("'melspec'"))
    let setting = try #require(throws: MtagError.self) {
      try zoo.info(configuration.model, settings: ["widht=3"])
    }
    #expect(setting.message.contains("'width'"))
  }
}
