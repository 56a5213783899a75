import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX
import MtagTestSupport
import Testing

/// Writes what `Tools/onnx-check` compares with ONNX Runtime, into the folder that `MTAG_ONNX_OUT` names: small networks of every
/// operator, at every opset, folded, and with weights of 16 bits.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MTAG_ONNX_OUT"] != nil))
struct ONNXRuntimeFilesTests {
  static let names =
    ["cnn4", "cnn4-narrow", "cnn4-multi", "convolutions", "mixed"] + OperatorSamples.all.map(\.name)

  private static func model(_ name: String) throws -> Model {
    switch name {
    case "cnn4": return try SampleModel.cnn4(widths: [32, 64, 128, 256], hidden: 128, bands: 128, labels: 10)
    case "cnn4-narrow":
      return try SampleModel.cnn4(widths: [4, 8, 12], hidden: 5, bands: 40, labels: 3, seed: 8)
    case "cnn4-multi":
      return try SampleModel.cnn4(widths: [16, 24], bands: 64, labels: 50, isMultiLabel: true, seed: 9)
    case "convolutions": return try SampleModel.model(of: SampleModel.convolutionsGraph())
    case "mixed": return try SampleModel.model(of: SampleModel.mixedGraph())
    default:
      let sample = try #require(OperatorSamples.all.first { $0.name == name })
      return try SampleModel.model(of: sample.make())
    }
  }

  @Test("models, inputs and our logits are written for the check outside", arguments: names)
  func write(name: String) throws {
    var cases = try #require(try ONNXCases(name))
    let model = try Self.model(name)
    let exact = ["logits": 1e-4, "scores": 1e-4, "embedding": 1e-4]
    for opset in ONNXOptions.opsets {
      try write(model, .init(opset: opset), "\(name)-\(opset).onnx", exact, &cases)
    }
    try write(model, .init(foldsBatchNorms: true), "\(name)-folded.onnx", exact, &cases)
    // Eleven bits of each weight: what that costs is printed; this only catches a wrong tensor.
    let rough = ["logits": 0.2, "scores": 0.05, "embedding": 0.2]
    try write(model, .init(opset: 19, halvesWeights: true), "\(name)-half.onnx", rough, &cases)

    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 2)
    let longest = try model.graph.maximumFrames() ?? 1292
    for frames in Set([try model.graph.minimumFrames(), min(157, longest), min(1292, longest)]).sorted() {
      for batch in [1, 3] {
        let features = features(
          batch: batch, bands: model.graph.inputBands, frames: frames, seed: UInt64(frames + batch))
        let (mean, deviation) = (model.standardization.mean, model.standardization.deviation)
        let logits = try features.map { ($0 - mean) / deviation }
          .withUnsafeBufferPointer { try engine.logits($0, batch: batch, frames: frames) }
        #expect(logits.count == batch * model.labels.count)
        try cases.add(
          input: "features", ([batch, 1, model.graph.inputBands, frames], features),
          expected: ["logits": ([batch, model.labels.count], logits)])
      }
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
