import Foundation
import MtagConformance
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
  static let names = (try? Zoo().architectures.names) ?? []

  /// An architecture with all its widths made small, and weights that tell clips apart.
  static func model(_ name: String) throws -> Model {
    let zoo = try Zoo()
    let graph = try ArchitectureConformance(name, in: zoo).narrow.graph
    let spec = try zoo.featureSpec(named: zoo.architectures.item(named: name).entry.card.features)
    return Model(
      graph: graph, weights: Weights(initializing: try graph.parameters(), seed: 1), featureSpec: spec,
      standardization: Standardization(), labels: (1...(try graph.labelCount())).map { "label \($0)" },
      isMultiLabel: false, chunkFrames: try graph.minimumFrames(), card: ModelCard())
  }

  @Test("every architecture's file gives its model back, by its metadata", arguments: names)
  func own(name: String) throws {
    let model = try Self.model(name)
    let bytes = [UInt8](try ONNXExporter(model: model).data())
    let file = try ONNXFile(bytes: bytes, path: "\(name).onnx")
    #expect(file.problems().problems.isEmpty, "\(file.problems().problems)")
    let imported = try file.model()
    #expect(imported.isOwn, "\(imported.notes)")
    #expect(imported.model.graph == model.graph)
    #expect(imported.model.weights == model.weights)
    #expect(imported.model.labels == model.labels)
  }

  @Test("every architecture's nodes alone say what they compute", arguments: names)
  func translated(name: String) throws {
    let model = try Self.model(name)
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
