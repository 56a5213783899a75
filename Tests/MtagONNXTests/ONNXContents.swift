import COnnx
import CProtobufC
import Foundation

/// An ONNX file as protobuf-c reads it back, in Swift values.
struct ONNXContents {
  struct Node {
    let name: String
    let type: String
    let inputs: [String]
    let outputs: [String]
    /// Attributes that are whole numbers, one or several.
    let numbers: [String: [Int]]
  }

  var formatVersion = 0
  var opset = 0
  var nodes: [Node] = []
  var initializers: [String: (shape: [Int], bytes: Int)] = [:]
  /// Dimensions as text: a number or a symbol.
  var inputs: [String: [String]] = [:]
  var outputs: [String: [String]] = [:]
  var metadata: [(key: String, value: String)] = []

  /// Nil if the bytes are no ONNX model.
  init?(_ data: Data) {
    let unpacked = data.withUnsafeBytes { bytes in
      onnx__model_proto__unpack(nil, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    guard let unpacked else { return nil }
    defer { onnx__model_proto__free_unpacked(unpacked, nil) }
    let model = unpacked.pointee
    guard let graph = model.graph?.pointee, model.n_opset_import == 1 else { return nil }
    formatVersion = Int(model.ir_version)
    opset = Self.list(model.opset_import, model.n_opset_import).first.map { Int($0.version) } ?? 0
    nodes = Self.list(graph.node, graph.n_node).map { node in
      Node(
        name: String(cString: node.name), type: String(cString: node.op_type),
        inputs: Self.texts(node.input, node.n_input),
        outputs: Self.texts(node.output, node.n_output), numbers: Self.numbers(node))
    }
    for tensor in Self.list(graph.initializer, graph.n_initializer) {
      let shape = (0..<tensor.n_dims).map { Int(tensor.dims[$0]) }
      let bytes = tensor.has_raw_data != 0 ? tensor.raw_data.len : tensor.n_int64_data * 8
      initializers[String(cString: tensor.name)] = (shape, bytes)
    }
    inputs = Self.values(graph.input, graph.n_input)
    outputs = Self.values(graph.output, graph.n_output)
    metadata = Self.list(model.metadata_props, model.n_metadata_props)
      .map { (String(cString: $0.key), String(cString: $0.value)) }
  }

  // MARK: - Helpers

  private static func list<Message>(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Message>?>?, _ count: Int
  ) -> [Message] {
    (0..<count).compactMap { pointers?[$0]?.pointee }
  }

  private static func texts(_ pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ count: Int)
    -> [String]
  {
    (0..<count).compactMap { pointers?[$0].map { String(cString: $0) } }
  }

  private static func numbers(_ node: Onnx__NodeProto) -> [String: [Int]] {
    var result: [String: [Int]] = [:]
    for attribute in list(node.attribute, node.n_attribute) {
      let several = (0..<attribute.n_ints).map { Int(attribute.ints[$0]) }
      result[String(cString: attribute.name)] = attribute.has_i != 0 ? [Int(attribute.i)] : several
    }
    return result
  }

  private static func values(
    _ pointers: UnsafeMutablePointer<UnsafeMutablePointer<Onnx__ValueInfoProto>?>?, _ count: Int
  ) -> [String: [String]] {
    var result: [String: [String]] = [:]
    for value in list(pointers, count) {
      guard let shape = value.type?.pointee.tensor_type?.pointee.shape?.pointee else { continue }
      result[String(cString: value.name)] = list(shape.dim, shape.n_dim).map { dimension in
        dimension.value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
          ? String(cString: dimension.dim_param) : String(dimension.dim_value)
      }
    }
    return result
  }
}
