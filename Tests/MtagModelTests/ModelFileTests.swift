import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
import MtagModel
import MtagTestSupport
import Testing

@Suite struct ModelFileTests {
  @Test("a model comes back from its file as it was, bit for bit")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let model = try SampleModel.make()
    try model.save(to: folder.file("m.safetensors"))
    let loaded = try Model.load(folder.file("m.safetensors"))
    #expect(loaded.graph == model.graph)
    #expect(loaded.weights.values.map(\.bitPattern) == model.weights.values.map(\.bitPattern))
    #expect(loaded.weights.parameters == model.weights.parameters)
    #expect(loaded.featureSpec == model.featureSpec)
    #expect(loaded.standardization == model.standardization)
    #expect(loaded.labels == model.labels)
    #expect(loaded.isMultiLabel)
    #expect(loaded.chunkFrames == 64)
    #expect(loaded.card == model.card)
  }

  @Test("the same model gives the same bytes, also after loading")
  func deterministic() throws {
    let folder = try TemporaryFolder()
    try SampleModel.make().save(to: folder.file("a"))
    try SampleModel.make().save(to: folder.file("b"))
    try Model.load(folder.file("a")).save(to: folder.file("c"))
    let first = try Data(contentsOf: URL(filePath: folder.file("a")))
    #expect(try Data(contentsOf: URL(filePath: folder.file("b"))) == first)
    #expect(try Data(contentsOf: URL(filePath: folder.file("c"))) == first)
    try SampleModel.make(seed: 6).save(to: folder.file("d"))
    #expect(try Data(contentsOf: URL(filePath: folder.file("d"))) != first)
  }

  @Test("a training state travels in the model's file, and the model loads without it")
  func trainingState() throws {
    let folder = try TemporaryFolder()
    let model = try SampleModel.make()
    let state = TrainingState(
      moments: ["exp_avg": [1, -2, .leastNonzeroMagnitude], "exp_avg_sq": [], "momentum_buffer": [0.25]],
      text: #"{"step": 3, "note": "ü"}"#)
    try model.save(to: folder.file("last.safetensors"), extra: state)
    #expect(try TrainingState.load(folder.file("last.safetensors")) == state)
    #expect(try Model.load(folder.file("last.safetensors")).weights == model.weights)
  }

  @Test("a model alone holds no training state, and says where to find one")
  func noTrainingState() throws {
    let folder = try TemporaryFolder()
    try SampleModel.make().save(to: folder.file("best.safetensors"))
    let error = try #require(throws: MtagError.self) {
      try TrainingState.load(folder.file("best.safetensors"))
    }
    #expect(error.kind == .badData)
    #expect(error.message.contains("best.safetensors") && error.message.contains("last.safetensors"))
  }

  @Test("what is missing or no file is an error that names it")
  func missing() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("nothing"), folder.path, "/dev/zero"] {
      let error = try #require(throws: MtagError.self) { try Model.load(path) }
      #expect(error.kind == .inputMissing)
      #expect(error.message.contains(path))
    }
  }

  @Test("saving replaces a file whole and leaves no temporary files")
  func atomic() throws {
    let folder = try TemporaryFolder()
    for seed in 1...3 { try SampleModel.make(seed: UInt64(seed)).save(to: folder.file("m")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m"])
    #expect(try Model.load(folder.file("m")).weights == SampleModel.make(seed: 3).weights)
  }

  @Test("a network that reads other channels than its features have is refused")
  func severalChannels() throws {
    var builder = GraphBuilder(name: "stereo", inputBands: 16, inputChannels: 3)
    _ = builder.linear(builder.globalAveragePool(builder.input, "pool"), "logits", features: 2)
    var model = try SampleModel.make()
    model.graph = try builder.finish()
    model.weights = Weights(initializing: try model.graph.parameters(), seed: 1)
    let error = try #require(throws: MtagError.self) { try model.validate() }
    #expect(error.message.contains("reads 16 and 3"), "\(error.message)")
  }

  @Test("a model that does not hold together is not saved")
  func invalid() throws {
    let folder = try TemporaryFolder()
    let changes: [(says: String, change: (inout Model) -> Void)] = [
      ("3 label names", { $0.labels.append("third") }),
      ("stands twice", { $0.labels = ["a", "a"] }),
      ("NaN or infinity", { $0.weights.values[0] = .infinity }),
      ("negative variance", { $0.weights["block1.norm.running_var"] = [1, 1, -1, 1] }),
      ("deviation 0.0", { $0.standardization.deviation = 0 }),
      ("chunks of 1 frames", { $0.chunkFrames = 1 }),
      ("16", { $0.featureSpec.bands = 17 }),
      ("metrics", { $0.card.metrics = ["loss": .nan] }),
    ]
    for (says, change) in changes {
      var model = try SampleModel.make()
      change(&model)
      let error = try #require(throws: MtagError.self) { try model.save(to: folder.file("m")) }
      #expect(
        error.message.contains(says) || says == "metrics" && error.message.contains("card"),
        "\(error.message)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}
