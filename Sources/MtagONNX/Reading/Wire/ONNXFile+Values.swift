import Foundation
import MtagCore

/// The values of stored tensors.
extension ONNXFile {
  /// The values of a tensor of floating-point numbers as 32-bit floats, row-major.
  /// - Throws: `MtagError` (badData) if its type is another, or (for external data) the file beside it is not what it must
  ///   be; what is wrong is said with the tensor's name.
  func floats(_ tensor: Tensor) throws -> [Float] {
    guard let type = tensor.type, type.isFloat else {
      throw bad("tensor '\(tensor.name)' is \(typeName(tensor)), and floating-point numbers are needed there")
    }
    if let raw = try rawBytes(tensor) {
      return raw.withUnsafeBytes { Self.floats($0, type) }
    }
    return try faultsNamed {
      var values: [Float] = []
      values.reserveCapacity(tensor.count)
      try eachTyped(tensor) { value in
        switch (value, type) {
        case (.word(let bits), .float): values.append(Float(bitPattern: bits))
        case (.doubleWord(let bits), .double): values.append(Float(Double(bitPattern: bits)))
        case (.integer(let bits), .float16): values.append(Self.half(UInt16(truncatingIfNeeded: bits)))
        case (.integer(let bits), .bfloat16):
          values.append(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
        default: throw WireFault("tensor '\(tensor.name)' stores its values in a field of another type")
        }
      }
      return values
    }
  }

  /// The values of a tensor of whole numbers or truth values.
  /// - Throws: `MtagError` (badData) as `floats`.
  func integers(_ tensor: Tensor) throws -> [Int] {
    guard let type = tensor.type, type.isInteger else {
      throw bad("tensor '\(tensor.name)' is \(typeName(tensor)), and whole numbers are needed there")
    }
    guard tensor.count <= ONNXLimits.foldedValues else {
      throw bad(
        "tensor '\(tensor.name)' holds \(tensor.count) whole numbers, more than sizes and indices can be")
    }
    if let raw = try rawBytes(tensor) {
      return raw.withUnsafeBytes { Self.integers($0, type) }
    }
    return try faultsNamed {
      var values: [Int] = []
      try eachTyped(tensor) { value in
        guard case .integer(let bits) = value else {
          throw WireFault("tensor '\(tensor.name)' stores its values in a field of another type")
        }
        // Signed types of 32 bits are written as 64-bit numbers; an unsigned one beyond 2⁶³ is no size or index.
        values.append(Int(Int64(bitPattern: bits)))
      }
      return values
    }
  }

  /// A tensor's type for messages.
  func typeName(_ tensor: Tensor) -> String { tensor.type?.name ?? "of type \(tensor.typeNumber)" }

  // MARK: - Helpers

  /// The stored or external bytes; nil if the values are in typed fields.
  private func rawBytes(_ tensor: Tensor) throws -> Data? {
    if tensor.isExternal { return try externalBytes(tensor) }
    guard let raw = tensor.raw else { return nil }
    guard let start = bytes.baseAddress, !raw.isEmpty else { return Data() }
    let address = UnsafeMutableRawPointer(mutating: start + raw.lowerBound)
    // The storage outlives the data, which no caller keeps.
    return Data(bytesNoCopy: address, count: raw.count, deallocator: .none)
  }

  private func faultsNamed<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let fault as WireFault {
      throw MtagError(.badData, "\(path) is no usable ONNX file: \(Self.line(fault.reason))")
    }
  }

  private func eachTyped(_ tensor: Tensor, _ body: (WireReader.Value) throws -> Void) throws {
    guard let type = tensor.type else { return }
    let number = Self.dataField(type)
    var reader = WireReader(bytes, tensor.message)
    while let field = try reader.next() {
      guard field.number == number else { continue }
      guard case .bytes(let range) = field.value else {
        try body(field.value)
        continue
      }
      if number == 4 || number == 10 {
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: number == 4 ? 4 : 8) {
          if number == 4 {
            try body(
              .word(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
          } else {
            try body(
              .doubleWord(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))))
          }
        }
      } else {
        var packed = WireReader(bytes, range)
        while let value = try packed.nextInteger() { try body(.integer(value)) }
      }
    }
  }

  private static func floats(_ bytes: UnsafeRawBufferPointer, _ type: ONNXElementType) -> [Float] {
    switch type {
    case .double: map(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
    case .float16: map(bytes, UInt16.self, half)
    case .bfloat16: map(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    default: map(bytes, UInt32.self) { Float(bitPattern: $0) }
    }
  }

  private static func integers(_ bytes: UnsafeRawBufferPointer, _ type: ONNXElementType) -> [Int] {
    switch type {
    case .int64: map(bytes, UInt64.self) { Int(Int64(bitPattern: $0)) }
    case .uint64: map(bytes, UInt64.self) { Int(clamping: $0) }
    case .int32: map(bytes, UInt32.self) { Int(Int32(bitPattern: $0)) }
    case .uint32: map(bytes, UInt32.self) { Int($0) }
    case .int16: map(bytes, UInt16.self) { Int(Int16(bitPattern: $0)) }
    case .uint16: map(bytes, UInt16.self) { Int($0) }
    case .int8: bytes.map { Int(Int8(bitPattern: $0)) }
    default: bytes.map { Int($0) }
    }
  }

  /// IEEE 754 binary16: one sign bit, five of the exponent (bias 15), ten of the fraction. Written out because Swift's
  /// `Float16` is missing on Intel Macs.
  static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
    }
  }

  private static func map<Bits: FixedWidthInteger, Value>(
    _ bytes: UnsafeRawBufferPointer, _ type: Bits.Type, _ convert: (Bits) -> Value
  ) -> [Value] {
    let width = MemoryLayout<Bits>.size
    return (0..<bytes.count / width).map { index in
      convert(Bits(littleEndian: bytes.loadUnaligned(fromByteOffset: index * width, as: Bits.self)))
    }
  }
}
