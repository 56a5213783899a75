internal import COnnx
internal import CProtobufC
public import Foundation
import MtagCore
import MtagFeatures
import MtagGraph
public import MtagModel

/// Writes a model as ONNX, from features or from sound on.
///
/// - Input `features`: float `[batch, channels, bands, frames]`, batch and frames symbolic, as the extractor gives them; or
///   `waveform`: float `[batch, samples]`, mono at the spec's rate, full scale being 1. The standardisation is in the graph.
/// - Outputs `logits` and `scores`: float `[batch, labels]`; scores are a softmax or, for several labels, sigmoids. Output
///   `embedding`: what the last linear layer reads, if there is one.
/// - In a file with a waveform input the value `features` is where the front end ends.
/// - `metadata_props` say what the file needs and means: see docs/onnx.md.
///
/// The same model and options give the same bytes.
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
  /// - Throws: `MtagError` (usage) for an opset that is not offered, a front end that cannot be written, or a model that
  ///   does not hold together or is larger than an ONNX file can be.
  public func data() throws -> Data { try data(program()) }

  /// The bytes of what `program` gave.
  package func data(_ program: ONNXProgram) throws -> Data { try Self.pack(program, options: options) }

  /// Writes the file, whole or not at all.
  /// - Throws: `MtagError` as `data()`, and cannotCreate or inputOutput if writing fails.
  public func write(to path: String) throws { try AtomicFile.write(try data(), to: path) }

  /// What the file will say.
  /// - Throws: `MtagError` (usage) as `data()`.
  package func program() throws -> ONNXProgram {
    guard ONNXOptions.opsets.contains(options.opset) else {
      let (low, high) = (ONNXOptions.opsets.lowerBound, ONNXOptions.opsets.upperBound)
      throw MtagError(.usage, "opset \(options.opset) is not offered; choose \(low) … \(high)")
    }
    try model.validate()
    // Checked before tensors are built.
    guard model.weights.values.count < Self.largestFileBytes / 4 else { throw tooLarge() }
    let names = try NetworkWriter.reservedNames(model.graph)
    var builder = ProgramBuilder(
      opset: options.opset, reservedNodes: names.nodes, reservedValues: names.values)
    if options.input == .waveform {
      var frontEnd = try FrontEndWriter(
        spec: model.featureSpec, transform: options.transform, builder: builder)
      try frontEnd.write(to: NetworkWriter.input)
      builder = frontEnd.builder
    }
    var network = NetworkWriter(
      builder: builder, graph: model.graph, weights: try ParameterStore(model, options: options))
    try network.write(model)
    let outputs = try declaredOutputs(hasEmbedding: network.embeddingName)
    let program = ONNXProgram(
      name: model.graph.name, opset: options.opset, inputs: [declaredInput], outputs: outputs,
      nodes: network.builder.nodes, tensors: network.builder.tensors,
      metadata: try ONNXMetadata.texts(model, options: options))
    let bytes = program.tensors.reduce(0) { $0 + $1.byteCount }
    guard bytes < Self.largestFileBytes else { throw tooLarge() }
    return program
  }

  // MARK: - Helpers

  private static func pack(_ program: ONNXProgram, options: ONNXOptions) throws -> Data {
    let messages = ONNXMessages()
    let root = messages.model(program, formatVersion: options.formatVersion)
    // The messages borrow from the arena, which must live until they are packed.
    return try withExtendedLifetime(messages.arena) {
      let size = onnx__model_proto__get_packed_size(root)
      guard size < largestFileBytes else {
        throw MtagError(.usage, "\(program.name) is larger than the 2 GiB of an ONNX file")
      }
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

  private var declaredInput: ProgramValue {
    switch options.input {
    case .features:
      return ProgramValue(
        NetworkWriter.input,
        [
          .batch, .init(.fixed(model.graph.inputChannels), "DATA_CHANNEL"),
          .init(.fixed(model.graph.inputBands), "DATA_FEATURE"), .init(.symbolic("frames"), "DATA_TIME"),
        ])
    case .waveform:
      var value = ProgramValue("waveform", [.batch, .init(.symbolic("samples"), "DATA_TIME")])
      value.denotation = "AUDIO"
      return value
    }
  }

  private func declaredOutputs(hasEmbedding name: String?) throws -> [ProgramValue] {
    let labels = ProgramValue.Dimension(.fixed(model.labels.count))
    let outputs = [NetworkWriter.logits, NetworkWriter.scores].map { ProgramValue($0, [.batch, labels]) }
    guard let name else { return outputs }
    let layers = try model.graph.layers(frames: model.graph.minimumFrames())
    let width = layers.first { $0.node.name == name }?.output.channels ?? 0
    return outputs + [ProgramValue(NetworkWriter.embedding, [.batch, .init(.fixed(width), "DATA_FEATURE")])]
  }

  private func tooLarge() -> MtagError {
    MtagError(.usage, "\(model.graph.name) has more weights than the 2 GiB of an ONNX file hold")
  }
}

extension ONNXExporter {
  /// The fewest samples that a file with a waveform input takes.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  package static func minimumSamples(of model: Model) throws -> Int { try ONNXMetadata.minimumSamples(model) }
}
