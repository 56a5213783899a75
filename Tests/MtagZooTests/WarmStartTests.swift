import Foundation
import MtagEngine
import MtagTestSupport
import MtagZoo
import Testing

/// Weights saved from PyTorch are taken by name, and give PyTorch's logits.
@Suite struct WarmStartTests {
  /// The fixture's sizes by name.
  private static func size(_ name: String) throws -> Int {
    try #require(Fixture.load("weights/pytorch").group("parameters")[name] as? Int)
  }

  /// The network of Tools/fixtures/weights.py.
  private static let text = """
    name: probe
    features: melspec(bands=16)
    layers:
      - conv: {channels: 4, kernel: [3, 5]}
      - batch_norm
      - relu
      - mean: bands
      - conv: {channels: 8, kernel: [1, 3]}
        name: temporal
      - tokens: 1
        name: cls_token
      - residual:
          - attention: {heads: 2}
        name: encoder
      - select: 0
      - linear: 6
        name: hidden
      - relu
      - linear: $labels
        name: logits
    """

  private static func zoo(_ folder: TemporaryFolder? = nil) throws -> Zoo {
    let probe = ArchitectureEntry(
      try DeclaredArchitecture(
        text: text, file: "probe.yaml"))
    return try Zoo(
      extraArchitectures: [probe], cacheFolder: folder?.file("cache"),
      runsFolder: folder?.file("runs") ?? "runs")
  }

  private static func path(_ name: String) -> String {
    Fixture.folder.appendingPathComponent("weights/\(name)").path
  }

  @Test(
    "a state_dict gives PyTorch's logits, whichever way its kernels lie",
    arguments: [
      ("pytorch.safetensors", KernelAxes.bandsFrames), ("pytorch-frames-bands.safetensors", .framesBands),
    ])
  func logits(_ file: String, _ axes: KernelAxes) throws {
    let fixture = try Fixture.load("weights/pytorch")
    let (bands, frames, labels) = try (Self.size("bands"), Self.size("frames"), Self.size("labels"))
    var model = try Self.zoo().untrained("probe", overrides: [:], features: nil, labels: labels, seed: 1)
    let tensors = try WeightFile(path: Self.path(file))
    let match = WeightMatch(
      parameters: try model.graph.parameters(), sources: tensors.tensors, head: "logits", axes: axes)
    #expect(match.takenCount == match.rows.count, "\(match.notes(path: file))")
    #expect(match.unused.count == 1 && match.unused[0].name.hasSuffix("spectrogram_window"))
    #expect(match.prefix == (file == "pytorch.safetensors" ? "module." : ""))
    try match.apply(to: &model.weights) { try tensors.values($0) }
    let inputs = Array(fixture.values.prefix(bands * frames))
    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 1)
    let logits = try inputs.withUnsafeBufferPointer { try engine.logits($0, batch: 1, frames: frames) }
    let expected = Array(fixture.values.suffix(labels))
    let largest = zip(logits, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(logits.count == labels && largest < 1e-5, "off by \(largest)")
  }

  @Test(
    "training starts from it: the head for other labels is fresh, what was taken is said, file and hash are recorded"
  )
  func training() throws {
    let folder = try TemporaryFolder()
    for index in 0..<4 {
      for (name, hertz) in [("low", 300.0), ("high", 2500.0)] {
        try folder.write(
          TestSound.tone(hertz: hertz, seconds: 0.5, seed: UInt64(index)), "music/\(name)/\(index).wav")
      }
    }
    let zoo = try Self.zoo(folder)
    var configuration = TrainingConfiguration(threads: 1)
    configuration.model = "probe"
    configuration.dataset = folder.file("music")
    configuration.split = "random:0.5"
    (configuration.epochs, configuration.batchSize, configuration.cropFrames) = (1, 2, 16)
    configuration.initialWeights = Self.path("pytorch.safetensors")
    let notes = Notes()
    let observer = Observer(note: { notes.add($0) })
    let job = try zoo.job(configuration, runFolder: folder.file("run"), observer: observer)
    #expect(
      notes.all.contains { $0.hasPrefix("15 of 17 tensors start from") && $0.contains("'module.'") },
      "\(notes.all)")
    #expect(notes.all.contains { $0 == "fresh, being for other labels: 'logits.weight', 'logits.bias'" })
    #expect(notes.all.contains { $0 == "not used here: 'module.spectrogram_window'" })
    #expect(notes.all.contains { $0.contains("does not say which features") })
    #expect(job.initialWeights["logits.weight"]?.count == 2 * 6)
    let files = try Fixture.load("weights/pytorch").group("files")
    let hash = try #require(files["pytorch.safetensors"] as? String)
    let report = try zoo.train(configuration, runFolder: folder.file("run"))
    let written = try TrainingConfiguration.load(report.folder.configuration)
    #expect(written.initialWeightsSHA256 == hash && written.initialWeights == configuration.initialWeights)
    let card = try Model.load(report.folder.best).card
    #expect(card.notes.contains("started from pytorch.safetensors (SHA-256 \(hash))"), "\(card.notes)")
    // Another file under that name is not what the configuration says.
    configuration.initialWeightsSHA256 = String(repeating: "0", count: 64)
    let error = try #require(throws: MtagError.self) { try zoo.train(configuration) }
    #expect(error.kind == .badData && error.message.contains("is not the file that the configuration names"))
    configuration.initialWeightsSHA256 = nil
    configuration.model = "cnn4"
    let foreign = try #require(throws: MtagError.self) { try zoo.train(configuration) }
    #expect(
      foreign.message.contains("no tensor fits cnn4") && foreign.message.contains("--weights"),
      "\(foreign.message)")
  }

  @Test("turned kernels are seen in the table before any training")
  func table() throws {
    let match = try Self.zoo().weightMatch(
      Self.path("pytorch-frames-bands.safetensors"), model: "probe", labels: 5)
    let kernel = try #require(match.rows.first { $0.parameter.name == "conv.weight" })
    #expect(kernel.word == "other shape" && kernel.named?.shape == [4, 1, 5, 3])
    #expect(match.rows.first { $0.parameter.name == "hidden.weight" }?.word == "taken, reshaped")
  }
}
