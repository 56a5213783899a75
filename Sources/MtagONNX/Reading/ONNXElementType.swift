/// The element type of a tensor in an ONNX file.
/// - Source: `TensorProto.DataType` of the ONNX IR specification.
public enum ONNXElementType: Int, Sendable, Hashable, CaseIterable {
  case float = 1
  case uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
  case complex64, complex128, bfloat16
  case float8e4m3fn, float8e4m3fnuz, float8e5m2, float8e5m2fnuz, uint4, int4, float4e2m1, float8e8m0

  /// Its name in messages: `float32` for 32-bit floats, else that of the format.
  public var name: String { self == .float ? "float32" : "\(self)" }

  /// Whether it is a floating-point type that weights may have here.
  var isFloat: Bool { [.float, .float16, .double, .bfloat16].contains(self) }

  /// Whether it is a whole number or a truth value that sizes and indices may have here.
  var isInteger: Bool {
    [.uint8, .int8, .uint16, .int16, .int32, .int64, .bool, .uint32, .uint64].contains(self)
  }

  /// Bytes of one element in `raw_data`; nil for types that are not read.
  var byteCount: Int? {
    switch self {
    case .double, .int64, .uint64: 8
    case .float, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    default: nil
    }
  }
}
