/// Walks over the fields of one protobuf message. Every length is checked against the bytes of the message before
/// anything is read or kept; nothing is copied.
///
/// The wire format is read here, and not by protobuf-c, because a library that unpacks a whole file takes memory for what
/// the file claims (a repeated field of empty messages costs a hundred times its bytes), recurses as deep as the file
/// says, and copies the weights.
/// - Source: https://protobuf.dev/programming-guides/encoding.
struct WireReader {
  /// One field: its number and its value as the wire has it.
  struct Field {
    let number: Int
    let value: Value
  }

  /// A field's value; bytes are a range of the file.
  enum Value {
    case integer(UInt64)
    case word(UInt32)
    case doubleWord(UInt64)
    case bytes(Range<Int>)
  }

  private let bytes: UnsafeRawBufferPointer
  private var position: Int
  private let end: Int

  /// Reads the message that takes the bytes of `range`.
  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a message outside the file")
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// The next field; nil at the message's end.
  mutating func next() throws -> Field? {
    guard position < end else { return nil }
    let start = position
    let key = try integer()
    guard key >> 3 > 0, key >> 3 < 1 << 29 else {
      throw WireFault("byte \(start) begins no field of a message; it is damaged or no ONNX file")
    }
    let number = Int(key >> 3)
    switch key & 7 {
    case 0: return Field(number: number, value: .integer(try integer()))
    case 1: return Field(number: number, value: .doubleWord(try fixed(UInt64.self)))
    case 2:
      let length = try integer()
      guard length <= UInt64(end - position) else {
        throw WireFault(
          "a field at byte \(start) claims \(length) bytes, and \(end - position) are left; it is truncated or damaged"
        )
      }
      defer { position += Int(length) }
      return Field(number: number, value: .bytes(position..<position + Int(length)))
    case 5: return Field(number: number, value: .word(try fixed(UInt32.self)))
    default:
      throw WireFault(
        "a field at byte \(start) has a form that ONNX does not use; it is damaged or no ONNX file")
    }
  }

  /// The next integer of a packed field; nil at its end.
  mutating func nextInteger() throws -> UInt64? { position < end ? try integer() : nil }

  /// Seven bits a byte, the lowest first.
  private mutating func integer() throws -> UInt64 {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < end {
      let byte = bytes[position]
      position += 1
      if shift == 63 && byte > 1 { break }
      result |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return result }
      shift += 7
      if shift > 63 { break }
    }
    throw WireFault("a number before byte \(position) has no end; it is truncated or damaged")
  }

  private mutating func fixed<Word: FixedWidthInteger>(_ type: Word.Type) throws -> Word {
    let size = MemoryLayout<Word>.size
    guard end - position >= size else {
      throw WireFault("a number at byte \(position) has no end; it is truncated or damaged")
    }
    defer { position += size }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Word.self))
  }
}

extension WireReader.Field {
  /// The value as a signed integer.
  func integer(_ what: String) throws -> Int {
    guard case .integer(let value) = value else { throw WireFault("\(what) is no whole number") }
    return Int(Int64(bitPattern: value))
  }

  /// The value as a range of bytes.
  func bytes(_ what: String) throws -> Range<Int> {
    guard case .bytes(let range) = value else { throw WireFault("\(what) is no message and no text") }
    return range
  }

  /// The value as a 32-bit float.
  func float(_ what: String) throws -> Float {
    guard case .word(let bits) = value else { throw WireFault("\(what) is no 32-bit float") }
    return Float(bitPattern: bits)
  }
}
