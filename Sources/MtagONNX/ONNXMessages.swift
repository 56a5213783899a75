internal import COnnx
internal import CProtobufC

/// The protobuf messages of an ONNX model, made from an `ONNXProgram` in an arena.
struct ONNXMessages {
  typealias Pointer = UnsafeMutablePointer

  let arena = MessageArena()

  /// The whole file. The message borrows from the arena.
  func model(_ program: ONNXProgram, formatVersion: Int64) -> Pointer<Onnx__ModelProto> {
    let properties = program.metadata.sorted { $0.key < $1.key }.map { property($0.key, $0.value) }
    let root = arena.message(onnx__model_proto__init)
    root.pointee.has_ir_version = 1
    root.pointee.ir_version = formatVersion
    root.pointee.producer_name = arena.string("mtag-zoo")
    root.pointee.opset_import = arena.list([operatorSet(program.opset)])
    root.pointee.n_opset_import = 1
    root.pointee.metadata_props = arena.list(properties)
    root.pointee.n_metadata_props = properties.count
    root.pointee.graph = graph(program)
    return root
  }

  // MARK: - Helpers

  private func graph(_ program: ONNXProgram) -> Pointer<Onnx__GraphProto> {
    let graph = arena.message(onnx__graph_proto__init)
    graph.pointee.name = arena.string(program.name)
    graph.pointee.node = arena.list(program.nodes.map(node))
    graph.pointee.n_node = program.nodes.count
    graph.pointee.initializer = arena.list(program.tensors.map(tensor))
    graph.pointee.n_initializer = program.tensors.count
    graph.pointee.input = arena.list(program.inputs.map(value))
    graph.pointee.n_input = program.inputs.count
    graph.pointee.output = arena.list(program.outputs.map(value))
    graph.pointee.n_output = program.outputs.count
    return graph
  }

  /// One operator; attributes stand in the given order.
  private func node(_ node: ProgramNode) -> Pointer<Onnx__NodeProto> {
    let message = arena.message(onnx__node_proto__init)
    message.pointee.op_type = arena.string(node.type)
    message.pointee.name = arena.string(node.name)
    message.pointee.input = arena.strings(node.inputs)
    message.pointee.n_input = node.inputs.count
    message.pointee.output = arena.strings(node.outputs)
    message.pointee.n_output = node.outputs.count
    message.pointee.attribute = arena.list(node.attributes.map(attribute))
    message.pointee.n_attribute = node.attributes.count
    return message
  }

  private func tensor(_ tensor: ProgramTensor) -> Pointer<Onnx__TensorProto> {
    let message = arena.message(onnx__tensor_proto__init)
    message.pointee.name = arena.string(tensor.name)
    message.pointee.has_data_type = 1
    message.pointee.data_type = tensor.values.dataType
    message.pointee.dims = arena.array(tensor.shape.map(Int64.init))
    message.pointee.n_dims = tensor.shape.count
    message.pointee.has_raw_data = 1
    message.pointee.raw_data =
      switch tensor.values {
      case .single(let values): arena.littleEndian(values) { $0.bitPattern.littleEndian }
      case .half(let values): arena.littleEndian(values) { $0.littleEndian }
      case .double(let values): arena.littleEndian(values) { $0.bitPattern.littleEndian }
      case .integers(let values): arena.littleEndian(values) { Int64($0).littleEndian }
      }
    return message
  }

  private func value(_ value: ProgramValue) -> Pointer<Onnx__ValueInfoProto> {
    let shape = arena.message(onnx__tensor_shape_proto__init)
    shape.pointee.dim = arena.list(value.dimensions.map(dimension))
    shape.pointee.n_dim = value.dimensions.count
    let tensor = arena.message(onnx__type_proto__tensor__init)
    tensor.pointee.has_elem_type = 1
    tensor.pointee.elem_type = Int32(ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT.rawValue)
    tensor.pointee.shape = shape
    let type = arena.message(onnx__type_proto__init)
    type.pointee.value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE
    type.pointee.tensor_type = tensor
    if let denotation = value.denotation { type.pointee.denotation = arena.string(denotation) }
    let message = arena.message(onnx__value_info_proto__init)
    message.pointee.name = arena.string(value.name)
    message.pointee.type = type
    return message
  }

  /// One text of the model's metadata.
  private func property(_ key: String, _ text: String) -> Pointer<Onnx__StringStringEntryProto> {
    let entry = arena.message(onnx__string_string_entry_proto__init)
    entry.pointee.key = arena.string(key)
    entry.pointee.value = arena.string(text)
    return entry
  }

  /// The version of the standard operators that the nodes follow.
  private func operatorSet(_ version: Int) -> Pointer<Onnx__OperatorSetIdProto> {
    let set = arena.message(onnx__operator_set_id_proto__init)
    set.pointee.domain = arena.string("")
    set.pointee.has_version = 1
    set.pointee.version = Int64(version)
    return set
  }

  private func attribute(_ attribute: ProgramNode.Attribute) -> Pointer<Onnx__AttributeProto> {
    let message = arena.message(onnx__attribute_proto__init)
    message.pointee.name = arena.string(attribute.name)
    message.pointee.has_type = 1
    switch attribute.value {
    case .integer(let integer):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT
      message.pointee.has_i = 1
      message.pointee.i = Int64(integer)
    case .integers(let integers):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS
      message.pointee.ints = arena.array(integers.map(Int64.init))
      message.pointee.n_ints = integers.count
    case .float(let float):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT
      message.pointee.has_f = 1
      message.pointee.f = float
    case .floats(let floats):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS
      message.pointee.floats = arena.array(floats)
      message.pointee.n_floats = floats.count
    case .text(let text):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING
      message.pointee.has_s = 1
      message.pointee.s = arena.bytes(text)
    case .texts(let texts):
      message.pointee.type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRINGS
      message.pointee.strings = arena.array(texts.map(arena.bytes))
      message.pointee.n_strings = texts.count
    }
    return message
  }

  private func dimension(
    _ dimension: ProgramValue.Dimension
  ) -> Pointer<Onnx__TensorShapeProto__Dimension> {
    let message = arena.message(onnx__tensor_shape_proto__dimension__init)
    switch dimension.size {
    case .fixed(let count):
      message.pointee.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
      message.pointee.dim_value = Int64(count)
    case .symbolic(let name):
      message.pointee.value_case = ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM
      message.pointee.dim_param = arena.string(name)
    }
    if let denotation = dimension.denotation { message.pointee.denotation = arena.string(denotation) }
    return message
  }
}

extension ProgramTensor.Values {
  /// ONNX's number for the type (`TensorProto.DataType`).
  fileprivate var dataType: Int32 {
    switch self {
    case .single: 1
    case .integers: 7
    case .half: 10
    case .double: 11
    }
  }
}
