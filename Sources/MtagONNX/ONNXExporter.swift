internal import COnnx
internal import CProtobufC
public import Foundation
import MtagCore
import MtagGraph
public import MtagModel

/// Writes a model as ONNX, with the features as input.
///
/// - Input `features`: float `[batch, channels, bands, frames]`, batch and frames symbolic, as the extractor gives them;
///   the standardisation is in the graph.
/// - Outputs `logits` and `scores`: float `[batch, labels]`; scores are a softmax or, for several labels, sigmoids.
/// - `metadata_props`: labels, feature_spec, feature_spec_sha256, card, standardization, multi_label, chunk_frames,
///   minimum_frames, producer.
///
/// The same model gives the same bytes.
/// - Source: ONNX IR specification and operator reference, https://onnx.ai/onnx.
public struct ONNXExporter: Sendable {
  /// The model.
  public let model: Model
  /// How it is written.
  public let options: ONNXOptions

  /// Protobuf's limit for one message, in bytes.
  static let largestFileBytes = 1 << 31

  /// Makes an exporter.
  public init(model: Model, options: ONNXOptions = .init()) {
    self.model = model
    self.options = options
  }

  /// The file's bytes.
  /// - Throws: `MtagError` (usage) for an opset that is not offered, or a model that does not hold together or is larger
  ///   than an ONNX file can be.
  public func data() throws -> Data {
    guard ONNXOptions.opsets.contains(options.opset) else {
      let (low, high) = (ONNXOptions.opsets.lowerBound, ONNXOptions.opsets.upperBound)
      throw MtagError(.usage, "opset \(options.opset) is not offered; choose \(low) … \(high)")
    }
    try model.validate()
    // Checked before the messages are built, for they hold a copy of the weights.
    guard model.weights.values.count < Self.largestFileBytes / 4 else { throw tooLarge() }
    let messages = ONNXMessages()
    let root = try message(messages)
    // The messages borrow from the arena, which must live until they are packed.
    return try withExtendedLifetime(messages.arena) {
      let size = onnx__model_proto__get_packed_size(root)
      guard size < Self.largestFileBytes else { throw tooLarge() }
      var data = Data(count: size)
      let written = data.withUnsafeMutableBytes { bytes in
        onnx__model_proto__pack(root, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
      }
      guard written == size else {
        throw MtagError(.internalFault, "packing the ONNX model gave \(written) bytes, not \(size)")
      }
      return data
    }
  }

  /// Writes the file, whole or not at all.
  /// - Throws: `MtagError` as `data()`, and cannotCreate or inputOutput if writing fails.
  public func write(to path: String) throws { try AtomicFile.write(try data(), to: path) }

  // MARK: - Helpers

  private func message(_ messages: ONNXMessages) throws -> UnsafeMutablePointer<Onnx__ModelProto> {
    let arena = messages.arena
    let properties = try metadata().sorted { $0.key < $1.key }.map { messages.property($0.key, $0.value) }
    let root = arena.message(onnx__model_proto__init)
    root.pointee.has_ir_version = 1
    root.pointee.ir_version = options.formatVersion
    root.pointee.producer_name = arena.string("mtag-zoo")
    root.pointee.opset_import = arena.list([messages.operatorSet(options.opset)])
    root.pointee.n_opset_import = 1
    root.pointee.metadata_props = arena.list(properties)
    root.pointee.n_metadata_props = properties.count
    root.pointee.graph = try graph(messages)
    return root
  }

  private func graph(_ messages: ONNXMessages) throws -> UnsafeMutablePointer<Onnx__GraphProto> {
    let arena = messages.arena
    var builder = ONNXGraphBuilder(messages: messages, graph: model.graph, weights: model.weights)
    builder.standardize(model.standardization)
    let layers = try model.graph.layers(frames: model.graph.minimumFrames())
    for layer in layers { try builder.append(layer) }
    builder.finish(layers.last?.node.name ?? Graph.inputName, isMultiLabel: model.isMultiLabel)

    let batch = (size: ONNXMessages.Dimension.symbolic("batch"), denotation: "DATA_BATCH" as String?)
    let labels = (size: ONNXMessages.Dimension.fixed(model.labels.count), denotation: nil as String?)
    let inputs = [
      messages.value(
        ONNXGraphBuilder.input,
        [
          batch, (.fixed(model.graph.inputChannels), "DATA_CHANNEL"),
          (.fixed(model.graph.inputBands), "DATA_FEATURE"),
          (.symbolic("frames"), "DATA_TIME"),
        ])
    ]
    let outputs = [ONNXGraphBuilder.logits, ONNXGraphBuilder.scores].map {
      messages.value($0, [batch, labels])
    }
    let graph = arena.message(onnx__graph_proto__init)
    graph.pointee.name = arena.string(model.graph.name)
    graph.pointee.node = arena.list(builder.nodes)
    graph.pointee.n_node = builder.nodes.count
    graph.pointee.initializer = arena.list(builder.initializers)
    graph.pointee.n_initializer = builder.initializers.count
    graph.pointee.input = arena.list(inputs)
    graph.pointee.n_input = inputs.count
    graph.pointee.output = arena.list(outputs)
    graph.pointee.n_output = outputs.count
    return graph
  }

  private func metadata() throws -> [String: String] {
    var texts = try ModelMetadata.texts(model)
    texts["minimum_frames"] = String(try model.graph.minimumFrames())
    texts["producer"] = "mtag-zoo"
    return texts
  }

  private func tooLarge() -> MtagError {
    MtagError(.usage, "\(model.graph.name) has more weights than the 2 GiB of an ONNX file hold")
  }
}
