/// One tensor of a .safetensors file as its header describes it.
package struct TensorHeader: Sendable, Hashable {
  /// Its name.
  package let name: String
  /// The element type.
  package let type: ElementType
  /// Its shape, row-major; empty for one value.
  package let shape: [Int]
  /// Where its bytes are, counted from the end of the header.
  package let bytes: Range<Int>

  /// How many elements there are. The reader has checked that this fits the file.
  package var count: Int { bytes.count / type.byteCount }

  /// An element type of the format, by its name there.
  package enum ElementType: String, Sendable, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case brainFloat16 = "BF16"
    case int64 = "I64"
    case int32 = "I32"
    case int16 = "I16"
    case int8 = "I8"
    case unsigned64 = "U64"
    case unsigned32 = "U32"
    case unsigned16 = "U16"
    case unsigned8 = "U8"
    case boolean = "BOOL"

    /// Whether elements are floating-point numbers.
    package var isFloat: Bool {
      switch self {
      case .float64, .float32, .float16, .brainFloat16: true
      default: false
      }
    }

    /// Bytes of one element.
    package var byteCount: Int {
      switch self {
      case .float64, .int64, .unsigned64: 8
      case .float32, .int32, .unsigned32: 4
      case .float16, .brainFloat16, .int16, .unsigned16: 2
      case .int8, .unsigned8, .boolean: 1
      }
    }
  }
}
