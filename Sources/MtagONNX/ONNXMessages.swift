internal import COnnx
internal import CProtobufC

/// The protobuf messages of an ONNX model, made one at a time in an arena.
struct ONNXMessages {
  typealias Pointer = UnsafeMutablePointer

  let arena = MessageArena()

  /// A size of a tensor: fixed, or symbolic by name.
  enum Dimension {
    case fixed(Int)
    case symbolic(String)
  }

  /// An attribute's value.
  enum Attribute {
    case integer(Int)
    case integers([Int])
    case float(Float)
  }

  /// One operator; attributes stand in the given order.
  func node(
    _ type: String, name: String, inputs: [String], output: String, attributes: [(String, Attribute)] = []
  ) -> Pointer<Onnx__NodeProto> {
    let node = arena.message(onnx__node_proto__init)
    node.pointee.op_type = arena.string(type)
    node.pointee.name = arena.string(name)
    node.pointee.input = arena.strings(inputs)
    node.pointee.n_input = inputs.count
    node.pointee.output = arena.strings([output])
    node.pointee.n_output = 1
    node.pointee.attribute = arena.list(attributes.map(attribute))
    node.pointee.n_attribute = attributes.count
    return node
  }

  /// A stored tensor of 32-bit floats, row-major; an empty shape is one value.
  func tensor(_ name: String, shape: [Int], values: ArraySlice<Float>) -> Pointer<Onnx__TensorProto> {
    let tensor = emptyTensor(name, shape: shape, type: ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT)
    tensor.pointee.has_raw_data = 1
    tensor.pointee.raw_data = arena.littleEndian(values)
    return tensor
  }

  /// A stored list of 64-bit integers.
  func integers(_ name: String, _ values: [Int]) -> Pointer<Onnx__TensorProto> {
    let tensor = emptyTensor(name, shape: [values.count], type: ONNX__TENSOR_PROTO__DATA_TYPE__INT64)
    tensor.pointee.int64_data = arena.array(values.map(Int64.init))
    tensor.pointee.n_int64_data = values.count
    return tensor
  }

  /// The declaration of an input or output of 32-bit floats.
  func value(
    _ name: String, _ dimensions: [(size: Dimension, denotation: String?)]
  ) -> Pointer<Onnx__ValueInfoProto> {
    let shape = arena.message(onnx__tensor_shape_proto__init)
    shape.pointee.dim = arena.list(dimensions.map { dimension($0.size, $0.denotation) })
    shape.pointee.n_dim = dimensions.count
    let tensor = arena.message(onnx__type_proto__tensor__init)
    tensor.pointee.has_elem_type = 1
    tensor.pointee.elem_type = Int32(ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT.rawValue)
    tensor.pointee.shape = shape
    let type = arena.message(onnx__type_proto__init)
    type.pointee.value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
    type.pointee.tensor_type = tensor
    let value = arena.message(onnx__value_info_proto__init)
    value.pointee.name = arena.string(name)
    value.pointee.type = type
    return value
  }

  /// One text of the model's metadata.
  func property(_ key: String, _ text: String) -> Pointer<Onnx__StringStringEntryProto> {
    let entry = arena.message(onnx__string_string_entry_proto__init)
    entry.pointee.key = arena.string(key)
    entry.pointee.value = arena.string(text)
    return entry
  }

  /// The version of the standard operators that the nodes follow.
  func operatorSet(_ version: Int) -> Pointer<Onnx__OperatorSetIdProto> {
    let set = arena.message(onnx__operator_set_id_proto__init)
    set.pointee.domain = arena.string("")
    set.pointee.has_version = 1
    set.pointee.version = Int64(version)
    return set
  }

  // MARK: - Helpers

  private func attribute(_ name: String, _ value: Attribute) -> Pointer<Onnx__AttributeProto> {
    let attribute = arena.message(onnx__attribute_proto__init)
    attribute.pointee.name = arena.string(name)
    attribute.pointee.has_type = 1
    switch value {
    case .integer(let integer):
      attribute.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
      attribute.pointee.has_i = 1
      attribute.pointee.i = Int64(integer)
    case .integers(let integers):
      attribute.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS
      attribute.pointee.ints = arena.array(integers.map(Int64.init))
      attribute.pointee.n_ints = integers.count
    case .float(let float):
      attribute.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT
      attribute.pointee.has_f = 1
      attribute.pointee.f = float
    }
    return attribute
  }

  private func emptyTensor(
    _ name: String, shape: [Int], type: Onnx__TensorProto__DataType
  ) -> Pointer<Onnx__TensorProto> {
    let tensor = arena.message(onnx__tensor_proto__init)
    tensor.pointee.name = arena.string(name)
    tensor.pointee.has_data_type = 1
    tensor.pointee.data_type = Int32(type.rawValue)
    tensor.pointee.dims = arena.array(shape.map(Int64.init))
    tensor.pointee.n_dims = shape.count
    return tensor
  }

  private func dimension(_ size: Dimension, _ denotation: String?) -> Pointer<
    Onnx__TensorShapeProto__Dimension
  > {
    let dimension = arena.message(onnx__tensor_shape_proto__dimension__init)
    switch size {
    case .fixed(let count):
      dimension.pointee.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
      dimension.pointee.dim_value = Int64(count)
    case .symbolic(let name):
      dimension.pointee.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
      dimension.pointee.dim_param = arena.string(name)
    }
    if let denotation { dimension.pointee.denotation = arena.string(denotation) }
    return dimension
  }
}
