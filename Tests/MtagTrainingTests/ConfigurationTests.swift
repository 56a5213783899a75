import Foundation
import MtagCore
import MtagTestSupport
import MtagTraining
import Testing

@Suite struct ConfigurationTests {
  private func load(_ text: String) throws -> TrainingConfiguration {
    let folder = try TemporaryFolder()
    return try TrainingConfiguration.load(try folder.write(text, "config.yaml"))
  }

  @Test("what is written to config.yaml is read back as it was")
  func roundTrip() throws {
    var configuration = TrainingConfiguration(threads: 3)
    configuration.model = "cnn4"
    configuration.overrides = ["widths": .array([.integer(8), .integer(16)]), "dropout": .number(0.25)]
    configuration.dataset = "/music/with: colon # and hash"
    configuration.label = "genre"
    configuration.split = "group:artist:0.8"
    configuration.learningRate = 1.25e-5
    configuration.gradientClip = 0.5
    configuration.patience = 4
    configuration.timeBudgetSeconds = 1200
    configuration.schedule = .cosine
    configuration.optimizer = .sgd
    configuration.seed = .max
    #expect(try load(try configuration.yaml()) == configuration)
    #expect(try configuration.yaml() == configuration.yaml())
  }

  @Test("numbers stand in config.yaml as people write them, and as YAML 1.1 readers take them for numbers")
  func plainNumbers() throws {
    var configuration = TrainingConfiguration(threads: 1)
    configuration.dataset = "my music 2e5"
    configuration.weightDecay = 1e-6
    let yaml = try configuration.yaml()
    for line in ["learning_rate: 0.002", "weight_decay: 1.0e-06", "momentum: 0.9", "dataset: my music 2e5"] {
      #expect(yaml.contains("\n\(line)\n"), "\(yaml)")
    }
    #expect(try load(yaml) == configuration)
  }

  @Test("a file may say only what differs from the defaults")
  func partial() throws {
    let configuration = try load("epochs: 7\nlearning_rate: 1e-3\n")
    #expect(configuration.epochs == 7 && configuration.learningRate == 1e-3)
    #expect(
      configuration.batchSize == 16 && configuration.schedule == .oneCycle && configuration.patience == nil)
  }

  @Test(
    "a mistake in the file is named with its field",
    arguments: [
      ("epoch: 7", "'epochs'"), ("epochs: many", "epochs"), ("schedule: sawtooth", "schedule"),
      ("epochs: [", "YAML"),
      ("- 1", "config.yaml"),
    ])
  func mistakes(_ text: String, _ expected: String) throws {
    let error = try #require(throws: MtagError.self) { try load(text) }
    #expect(error.kind == .badData && error.message.contains(expected), "\(error.message)")
    #expect(!error.message.contains("\n"))
  }

  @Test("a missing file is missing input")
  func missing() {
    let error = #expect(throws: MtagError.self) { try TrainingConfiguration.load("/nowhere/config.yaml") }
    #expect(error?.kind == .inputMissing)
  }

  @Test("values out of range are refused with their name")
  func ranges() throws {
    let changes: [(String, (inout TrainingConfiguration) -> Void)] = [
      ("epochs 0", { $0.epochs = 0 }), ("batch size 0", { $0.batchSize = 0 }),
      ("crop", { $0.cropFrames = 0 }),
      ("learning rate", { $0.learningRate = .nan }), ("label smoothing", { $0.labelSmoothing = 1 }),
      ("patience", { $0.patience = 0 }), ("threads", { $0.threads = 0 }), ("clip", { $0.gradientClip = 0 }),
    ]
    for (name, change) in changes {
      var configuration = TrainingConfiguration(threads: 1)
      change(&configuration)
      let error = try #require(throws: MtagError.self) { try configuration.validate() }
      #expect(error.kind == .usage && error.message.contains(name), "\(error.message)")
    }
  }

  @Test("threads change no result, everything else does")
  func resultHash() throws {
    let base = TrainingConfiguration(threads: 1)
    var threads = base
    threads.threads = 8
    var seed = base
    seed.seed = 1
    #expect(try base.resultHash() == threads.resultHash())
    #expect(try base.resultHash() != seed.resultHash())
  }
}
