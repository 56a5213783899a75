import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagModel
import MtagONNX
import MtagTestSupport
import MtagZoo
import Testing

/// What is exported comes back as it was.
@Suite struct ONNXRoundTripTests {
  /// Architectures small enough for a debug build's patience.
  static let names: [String] = {
    guard let zoo = try? Zoo() else { return [] }
    return zoo.architectures.names.filter { name in
      guard let model = try? zoo.untrained(name, overrides: [:], features: nil, labels: 4, seed: 1) else {
        return false
      }
      return model.weights.values.count < 2_500_000
    }
  }()

  @Test("every architecture's file gives its model back, by its metadata", arguments: names)
  func own(name: String) throws {
    let model = try Zoo().untrained(name, overrides: [:], features: nil, labels: 4, seed: 1)
    let bytes = [UInt8](try ONNXExporter(model: model).data())
    let file = try ONNXFile(bytes: bytes, path: "\(name).onnx")
    #expect(file.problems().problems.isEmpty, "\(file.problems().problems)")
    let imported = try file.model()
    #expect(imported.isOwn, "\(imported.notes)")
    #expect(imported.model.graph == model.graph)
    #expect(imported.model.weights == model.weights)
    #expect(imported.model.labels == model.labels)
  }

  /// Operators of ours that are many in ONNX and only known by the metadata.
  static let onlyByMetadata: Set<String> = ["attention", "harmonicFilter", "adaptivePool", "tokens"]

  @Test("every architecture's nodes alone say what they compute", arguments: names)
  func translated(name: String) throws {
    let model = try Zoo().untrained(name, overrides: [:], features: nil, labels: 4, seed: 1)
    let file = try ONNXFile(bytes: [UInt8](try ONNXExporter(model: model).data()), path: "\(name).onnx")
    let needsMetadata = model.graph.nodes.contains { node in
      switch node.operation {
      case .attention, .harmonicFilter, .adaptivePool, .tokens: true
      default: false
      }
    }
    if needsMetadata {
      #expect(throws: MtagError.self) { try file.translated() }
      return
    }
    let translation = try file.translated()
    let frames = max(try model.graph.minimumFrames(), try translation.graph.minimumFrames()) + 3
    var random = RandomGenerator(seed: 9)
    let input = (0..<model.graph.inputBands * frames * model.graph.inputChannels).map { _ in
      random.uniform(-1, 1)
    }
    let (expected, observed) = try input.withUnsafeBufferPointer { values in
      (
        try InferenceEngine(graph: model.graph, weights: model.weights, threads: 1).logits(
          values, batch: 1, frames: frames),
        try InferenceEngine(graph: translation.graph, weights: translation.weights, threads: 1)
          .logits(values, batch: 1, frames: frames)
      )
    }
    expectClose(observed, expected, absolute: 1e-4, relative: 1e-4, name)
  }
}
