import Foundation
import MtagEngine
import MtagGraph
import MtagONNX
import MtagTestSupport
import Testing

/// Networks that other programs wrote run here as they run in ONNX Runtime.
@Suite struct ForeignNetworkTests {
  static let networks = [
    "cnn4", "fcn", "musicnn", "crnn", "shortchunk-res", "samplecnn-se", "panns", "mobilenet-v2",
    "mobilenet-v3",
    "vggish", "lstm", "convnext",
  ]
  static let files =
    networks.flatMap { ["\($0)-script", "\($0)-dynamo"] } + ["patch-keras", "any-length-keras"]

  static func path(_ name: String) -> String {
    Fixture.folder.appendingPathComponent("onnx/\(name).onnx").path
  }

  @Test("logits are ONNX Runtime's", arguments: files)
  func logits(name: String) throws {
    let expected = try Fixture.load("onnx/\(name)")
    let input = try Fixture.load("onnx/\(try #require(expected.json["input"] as? String))")
    let file = try ONNXFile(path: Self.path(name))
    var options = ONNXFile.TranslationOptions()
    if name.hasPrefix("panns") { options.meaning = try InputMeaning(parsing: "batch,channels,frames,bands") }
    let translation = try file.translated(options)
    let logits = try Self.run(translation, input)
    let (observed, outputs) = Self.comparable(logits, expected.values, translation.head)
    expectClose(observed, outputs, absolute: 1e-4, name)
  }

  /// Runs a batch of inputs in the file's layout.
  static func run(_ translation: ONNXTranslation, _ input: Fixture) throws -> [Float] {
    let axes = translation.meaning.axes
    func size(_ axis: InputMeaning.Axis) -> Int { axes.firstIndex(of: axis).map { input.shape[$0] } ?? 1 }
    let order: [InputMeaning.Axis] = [.batch, .bands, .frames, .channels]
    var strides: [InputMeaning.Axis: Int] = [:]
    for (index, axis) in axes.enumerated() { strides[axis] = input.shape.dropFirst(index + 1).reduce(1, *) }
    var values: [Float] = []
    for batch in 0..<size(.batch) {
      for band in 0..<size(.bands) {
        for frame in 0..<size(.frames) {
          for channel in 0..<size(.channels) {
            let places = zip(order, [batch, band, frame, channel])
            values.append(input.values[places.reduce(0) { $0 + (strides[$1.0] ?? 0) * $1.1 }])
          }
        }
      }
    }
    let engine = try InferenceEngine(graph: translation.graph, weights: translation.weights, threads: 1)
    return try values.withUnsafeBufferPointer {
      try engine.logits($0, batch: size(.batch), frames: size(.frames))
    }
  }

  /// Values of the file's output and logits, both as logits or as logarithms of shares.
  static func comparable(
    _ logits: [Float], _ outputs: [Float], _ head: ONNXTranslation.Head
  ) -> (observed: [Float], expected: [Float]) {
    func logarithms(_ logits: [Float]) -> [Float] {
      stride(from: 0, to: logits.count, by: labels).flatMap { start -> [Float] in
        let row = logits[start..<start + labels].map(Double.init)
        let total = log(row.reduce(0) { $0 + exp($1) })
        return row.map { Float($0 - total) }
      }
    }
    switch head {
    case .none: return (logits, outputs)
    case .sigmoid: return (logits, outputs.map { Float(log(Double($0) / (1 - Double($0)))) })
    case .softmax: return (logarithms(logits), outputs.map { Float(log(Double($0))) })
    case .logSoftmax: return (logarithms(logits), outputs)
    }
  }

  private static let labels = 6
}
