import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX
import Testing

/// Writes what `Tools/onnx-check` compares with ONNX Runtime, into the folder that `MTAG_ONNX_OUT` names: for each model
/// NAME.onnx, NAME.safetensors, inputs as .f32 and NAME.json with the logits of our own engine.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"] != nil))
struct ONNXRuntimeFilesTests {
  struct Case: Codable {
    let batch: Int
    let frames: Int
    let input: String
    let logits: [Float]
  }

  static let models: [(name: String, make: @Sendable () throws -> Model)] = [
    ("cnn4", { try SampleModel.cnn4(widths: [32, 64, 128, 256], hidden: 128, bands: 128, labels: 10) }),
    ("cnn4-narrow", { try SampleModel.cnn4(widths: [4, 8, 12], hidden: 5, bands: 40, labels: 3, seed: 8) }),
    (
      "cnn4-multi",
      { try SampleModel.cnn4(widths: [16, 24], bands: 64, labels: 50, isMultiLabel: true, seed: 9) }
    ),
    ("convolutions", { try SampleModel.model(of: SampleModel.convolutionsGraph()) }),
    ("mixed", { try SampleModel.model(of: SampleModel.mixedGraph()) }),
  ]

  @Test("models, inputs and our logits are written for the check outside", arguments: Self.models.map(\.name))
  func write(name: String) throws {
    let folder = try #require(ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"])
    try AtomicFile.makeFolder(folder)
    let model = try #require(Self.models.first { $0.name == name }).make()
    try model.save(to: "\(folder)/\(name).safetensors")
    for opset in ONNXOptions.opsets {
      let file = opset == 17 ? "\(name).onnx" : "\(name)-opset\(opset).onnx"
      try ONNXExporter(model: model, options: ONNXOptions(opset: opset)).write(to: "\(folder)/\(file)")
    }
    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 2)
    var cases: [Case] = []
    for frames in [try model.graph.minimumFrames(), 157, 1292] {
      for batch in [1, 3] {
        let features = features(
          batch: batch, bands: model.graph.inputBands, frames: frames, seed: UInt64(frames + batch))
        let file = "\(name)-\(frames)x\(batch).f32"
        try AtomicFile.write(features.withUnsafeBytes { Data($0) }, to: "\(folder)/\(file)")
        let (mean, deviation) = (model.standardization.mean, model.standardization.deviation)
        let logits = try features.map { ($0 - mean) / deviation }
          .withUnsafeBufferPointer { try engine.logits($0, batch: batch, frames: frames) }
        #expect(logits.count == batch * model.labels.count)
        cases.append(Case(batch: batch, frames: frames, input: file, logits: logits))
      }
    }
    try AtomicFile.write(try JSONEncoder().encode(cases), to: "\(folder)/\(name).json")
  }

  /// Levels in dB as the mel presets give them, `[batch, bands, frames]`: silence but for some blocks of 4 frames, whose
  /// share and loudness differ from clip to clip.
  private func features(batch: Int, bands: Int, frames: Int, seed: UInt64) -> [Float] {
    var random = RandomGenerator(seed: seed)
    var values: [Float] = []
    for _ in 0..<batch {
      let (share, loudest) = (random.uniform(), random.uniform(-50, 0))
      for _ in 0..<bands {
        var isLoud = false
        for frame in 0..<frames {
          if frame.isMultiple(of: 4) { isLoud = random.uniform() < share }
          values.append(isLoud ? random.uniform(loudest - 30, loudest) : -80)
        }
      }
    }
    return values
  }
}
