/// The headers of stored tensors: sizes and types, checked against the bytes that hold the values.
extension ONNXFile {
  /// `TensorProto`
  func tensor(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> Tensor {
    var tensor = Tensor()
    tensor.message = range
    var dataFields: Set<Int> = []
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: try appendSizes(field, to: &tensor.shape, &budget)
      case 2:
        tensor.typeNumber = try field.integer("a tensor's type")
        tensor.type = ONNXElementType(rawValue: tensor.typeNumber)
      case 3: throw WireFault("a tensor is stored in segments, which no program writes any more")
      case 4, 5, 6, 7, 10, 11:
        dataFields.insert(field.number)
        tensor.typedCount += try count(field)
      case 8: tensor.name = try budget.text(bytes, field.bytes("a tensor's name"), "a tensor's name")
      case 9: tensor.raw = try field.bytes("a tensor's bytes")
      case 13:
        let (key, value) = try pair(field.bytes("external data"), &budget)
        guard tensor.external.updateValue(value, forKey: key) == nil else {
          throw WireFault("tensor '\(tensor.name)' names the external \(key) twice")
        }
      case 14: tensor.isExternal = try field.integer("a data location") != 0
      default: break
      }
    }
    try check(tensor, dataFields)
    return tensor
  }

  private func appendSizes(
    _ field: WireReader.Field, to shape: inout [Int], _ budget: inout ReadingBudget
  ) throws {
    func append(_ bits: UInt64) throws {
      let size = Int(Int64(bitPattern: bits))
      guard (0...ONNXLimits.axisSize).contains(size) else {
        throw WireFault("a tensor has an axis of size \(size)")
      }
      guard shape.count < ONNXLimits.axes else {
        throw WireFault("a tensor has more than \(ONNXLimits.axes) axes")
      }
      try budget.take()
      shape.append(size)
    }
    switch field.value {
    case .integer(let bits): try append(bits)
    case .bytes(let range):
      var reader = WireReader(bytes, range)
      while let bits = try reader.nextInteger() { try append(bits) }
    default: throw WireFault("a tensor's sizes have the wrong form")
    }
  }

  /// How many values one occurrence of a typed data field holds.
  private func count(_ field: WireReader.Field) throws -> Int {
    let width = [4: 4, 10: 8][field.number]
    switch field.value {
    case .bytes(let range):
      if field.number == 6 { return 1 }
      if let width {
        guard range.count.isMultiple(of: width) else {
          throw WireFault("a tensor's list of values is cut short")
        }
        return range.count / width
      }
      // Every number ends with a byte below 128; whether all are well-formed shows when they are read.
      var ends = 0
      for index in range where bytes[index] < 0x80 { ends += 1 }
      return ends
    case .integer where width == nil, .word where width == 4, .doubleWord where width == 8: return 1
    default: throw WireFault("a tensor's values have the wrong form")
    }
  }

  private func check(_ tensor: Tensor, _ dataFields: Set<Int>) throws {
    let title = "tensor '\(tensor.name)'"
    var count = 1
    for size in tensor.shape where size != 0 {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= ONNXLimits.values else {
        throw WireFault("\(title) of shape \(tensor.shape) is larger than any file")
      }
      count = product
    }
    if tensor.shape.contains(0) { count = 0 }
    guard let type = tensor.type else {
      throw WireFault("\(title) has the element type \(tensor.typeNumber), which the format does not define")
    }
    if tensor.isExternal {
      guard tensor.raw == nil, dataFields.isEmpty else {
        throw WireFault("\(title) has values in this file and names another for them")
      }
      return
    }
    guard dataFields.count + (tensor.raw == nil ? 0 : 1) <= 1 else {
      throw WireFault("\(title) stores its values twice")
    }
    // Types that are not read (texts, complex numbers, eight bits and fewer) are refused where they are used.
    guard let width = type.byteCount else { return }
    if let raw = tensor.raw {
      guard raw.count == count * width else {
        throw WireFault(
          "\(title) of shape \(tensor.shape) and type \(type.name) takes \(count * width) bytes, and \(raw.count) are "
            + "stored; it is truncated or damaged")
      }
      return
    }
    guard tensor.typedCount == count else {
      throw WireFault(
        "\(title) of shape \(tensor.shape) has \(count) values, and \(tensor.typedCount) are stored; it is truncated "
          + "or damaged")
    }
    let expected = Self.dataField(type)
    if let field = dataFields.first, field != expected {
      throw WireFault("\(title) of type \(type.name) stores its values in a field of another type")
    }
  }

  /// The field that holds values of a type when they are not raw bytes.
  static func dataField(_ type: ONNXElementType) -> Int {
    switch type {
    case .float, .complex64: 4
    case .string: 6
    case .int64: 7
    case .double, .complex128: 10
    case .uint32, .uint64: 11
    default: 5
    }
  }
}
