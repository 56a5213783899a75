import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX
import Testing

/// Every operator of the graph, written and run by the interpreter, against the engine.
@Suite struct ONNXOperatorTests {
  @Test("the file's operators mean what the engine computes", arguments: OperatorSamples.all.map(\.name))
  func meaning(name: String) throws {
    let model = try Self.model(name)
    let engine = try InferenceEngine(graph: model.graph, weights: model.weights, threads: 1)
    for options in [ONNXOptions(), ONNXOptions(opset: 21, foldsBatchNorms: true)] {
      let interpreter = try ONNXInterpreter(try ONNXExporter(model: model, options: options).program())
      for frames in [try model.graph.minimumFrames() + 1, 37] {
        let features = Self.features(model.graph, batch: 2, frames: frames)
        let logits = try features.map { ($0 - model.standardization.mean) / model.standardization.deviation }
          .withUnsafeBufferPointer { try engine.logits($0, batch: 2, frames: frames) }
        let input = InterpreterTensor([2, 1, model.graph.inputBands, frames], features)
        let output = try #require(try interpreter.run(["features": input])["logits"])
        #expect(output.shape == [2, 4])
        guard case .single(let values) = output.values else { continue }
        let error = zip(values, logits).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
        let scale = logits.reduce(1) { max($0, $1.magnitude) }
        #expect(error <= 2e-5 * scale, "\(name), \(frames) frames: \(error) of \(scale)")
      }
    }
  }

  @Test("each has an embedding of the width that is declared", arguments: OperatorSamples.all.map(\.name))
  func embedding(name: String) throws {
    let model = try Self.model(name)
    let program = try ONNXExporter(model: model).program()
    #expect(program.outputs.map(\.name) == ["logits", "scores", "embedding"])
    let features = InterpreterTensor(
      [2, 1, model.graph.inputBands, 37], Self.features(model.graph, batch: 2, frames: 37))
    let output = try #require(try ONNXInterpreter(program).run(["features": features])["embedding"])
    #expect(program.outputs[2].dimensions.map(\.size) == [.symbolic("batch"), .fixed(output.shape[1])])
    #expect(output.shape[0] == 2)
  }

  static func model(_ name: String) throws -> Model {
    let sample = try #require(OperatorSamples.all.first { $0.name == name })
    return try SampleModel.model(of: sample.make())
  }

  /// Levels around the samples' mean, `[batch, bands, frames]`.
  static func features(_ graph: Graph, batch: Int, frames: Int) -> [Float] {
    var random = RandomGenerator(seed: UInt64(frames))
    return (0..<batch * graph.inputBands * frames).map { _ in random.uniform(-70, 0) }
  }
}
