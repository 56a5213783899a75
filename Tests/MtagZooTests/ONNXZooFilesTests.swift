import Foundation
import MtagEngine
import MtagONNX
import MtagTestSupport
import MtagZoo
import Testing

/// Writes what `Tools/onnx-check` compares with ONNX Runtime, into the folder that `MTAG_ONNX_OUT` names: every architecture of the
/// zoo with its own features, from features and from sound.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"] != nil))
struct ONNXZooFilesTests {
  /// Above so many weights a network is written once, from sound on: that file holds all of it.
  private static let largeCount = 20_000_000

  @Test("every architecture, from features and from sound", arguments: ArchitectureTests.names)
  func zoo(_ name: String) throws {
    var cases = try #require(try ONNXCases("zoo-\(name)"))
    let sample = try LivelyModel(name)
    let model = sample.model
    let isLarge = model.weights.values.count > Self.largeCount
    let exact = ["logits": 1e-4, "scores": 1e-4, "embedding": 1e-4]
    if !isLarge {
      try write(model, .init(), "zoo-\(name)-features.onnx", exact, &cases)
      for opset in [18, 20, 21] where model.weights.values.count < 1_000_000 {
        try write(model, .init(opset: opset, foldsBatchNorms: opset == 18), "zoo-\(name)-\(opset).onnx", exact, &cases)
      }
    }
    // What the front end's single precision moves logits by is printed; scores are what is promised.
    try write(model, .init(input: .waveform), "zoo-\(name)-waveform.onnx", ["scores": 1e-3], &cases)
    for sound in sample.sounds {
      let maps = sound.maps
      let shape = [sound.batch, model.graph.inputChannels, model.graph.inputBands, sound.frames]
      var expected = ["logits": ([sound.batch, model.labels.count], try sample.logits(sound))]
      if let embedding = try sample.embedding(sound) {
        expected["embedding"] = ([sound.batch, embedding.count / sound.batch], embedding)
      }
      if !isLarge { try cases.add(input: "features", (shape, maps), expected: expected) }
      expected["features"] = (shape, maps)
      try cases.add(
        input: "waveform", ([sound.batch, sound.samples.count / sound.batch], sound.samples), expected: expected)
    }
    try cases.write()
  }

  private func write(
    _ model: Model, _ options: ONNXOptions, _ file: String, _ tolerances: [String: Double],
    _ cases: inout ONNXCases
  ) throws {
    try ONNXExporter(model: model, options: options).write(to: cases.path(file))
    cases.files.append(.init(file, tolerances: tolerances))
  }
}
