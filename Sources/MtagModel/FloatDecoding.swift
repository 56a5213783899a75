import Foundation

/// Turns the bytes of stored floats into 32-bit floats; files are little-endian.
enum FloatDecoding {
  /// The values, or nil if the type is no floating-point one. Values beyond the range of a float become infinite.
  static func decode(_ data: Data, as type: TensorHeader.ElementType) -> [Float]? {
    data.withUnsafeBytes { bytes in
      switch type {
      case .float32: map(bytes, UInt32.self) { Float(bitPattern: $0) }
      case .float64: map(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
      case .brainFloat16: map(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .float16: map(bytes, UInt16.self, half)
      default: nil
      }
    }
  }

  /// IEEE 754 binary16: one sign bit, five of the exponent (bias 15), ten of the fraction. Written out because Swift's
  /// `Float16` is missing on Intel Macs.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Float(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }

  private static func map<Bits: FixedWidthInteger>(
    _ bytes: UnsafeRawBufferPointer, _ type: Bits.Type, _ convert: (Bits) -> Float
  ) -> [Float] {
    let width = MemoryLayout<Bits>.size
    return (0..<bytes.count / width).map { index in
      convert(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: Bits.self)))
    }
  }
}
