/// The messages of the graph's nodes.
extension ONNXFile {
  /// `NodeProto`
  func node(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> Node {
    var node = Node()
    node.index = nodes.count
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: node.inputs.append(try budget.text(bytes, field.bytes("a node's input"), "a node's input"))
      case 2: node.outputs.append(try budget.text(bytes, field.bytes("a node's output"), "a node's output"))
      case 3: node.name = try budget.text(bytes, field.bytes("a node's name"), "a node's name")
      case 4: node.type = try budget.text(bytes, field.bytes("an operator's name"), "an operator's name")
      case 5:
        let (name, value) = try attribute(field.bytes("an attribute"), &budget)
        guard node.attributes.updateValue(value, forKey: name) == nil else {
          throw WireFault("\(node.title) has the attribute '\(name)' twice")
        }
      case 7: node.domain = try budget.text(bytes, field.bytes("a domain"), "a domain")
      default: break
      }
    }
    if node.domain == "ai.onnx" { node.domain = "" }
    return node
  }

  /// `AttributeProto`. What is set counts, whatever the attribute's type says; both set and not fitting is refused.
  private func attribute(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> (String, Attribute) {
    var name = ""
    var type = 0
    var found: [Int: Attribute] = [:]
    var (integers, floats, texts): ([Int], [Float], [String]) = ([], [], [])
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: name = try budget.text(bytes, field.bytes("an attribute's name"), "an attribute's name")
      case 2: found[1] = .float(try field.float("attribute '\(name)'"))
      case 3: found[2] = .integer(try field.integer("attribute '\(name)'"))
      case 4:
        found[3] = .text(
          try budget.text(bytes, field.bytes("attribute '\(name)'"), "attribute '\(name)'"))
      case 5: found[4] = .tensor(try tensor(field.bytes("attribute '\(name)'"), &budget))
      case 6: found[5] = .other("graph")
      case 7: try append(field, to: &floats, &budget)
      case 8: try append(field, to: &integers, &budget)
      case 9: texts.append(try budget.text(bytes, field.bytes("attribute '\(name)'"), "attribute '\(name)'"))
      case 10: found[9] = .other("tensors")
      case 11: found[10] = .other("graphs")
      case 14: found[13] = .other("type")
      case 20: type = try field.integer("an attribute's type")
      case 21: found[0] = .other("reference")
      case 22: found[11] = .other("sparse tensor")
      default: break
      }
    }
    try budget.take()
    if !floats.isEmpty { found[6] = .floats(floats) }
    if !integers.isEmpty { found[7] = .integers(integers) }
    if !texts.isEmpty { found[8] = .texts(texts) }
    guard found.count <= 1 else { throw WireFault("attribute '\(name)' has values of several types") }
    if let (number, value) = found.first {
      guard type == 0 || type == number || number == 0 else {
        throw WireFault("attribute '\(name)' is declared as type \(type), and its value is \(value.kind)")
      }
      return (name, value)
    }
    // A zero, an empty text or an empty list takes no bytes in some writers.
    switch type {
    case 1: return (name, .float(0))
    case 2: return (name, .integer(0))
    case 3: return (name, .text(""))
    case 6: return (name, .floats([]))
    case 7: return (name, .integers([]))
    case 8: return (name, .texts([]))
    default: throw WireFault("attribute '\(name)' has no value")
    }
  }

  private func append(
    _ field: WireReader.Field, to values: inout [Int], _ budget: inout ReadingBudget
  ) throws {
    switch field.value {
    case .integer(let value):
      try budget.take()
      values.append(Int(Int64(bitPattern: value)))
    case .bytes(let range):
      var reader = WireReader(bytes, range)
      while let value = try reader.nextInteger() {
        try budget.take()
        values.append(Int(Int64(bitPattern: value)))
      }
    default: throw WireFault("a list of whole numbers has the wrong form")
    }
  }

  private func append(
    _ field: WireReader.Field, to values: inout [Float], _ budget: inout ReadingBudget
  ) throws {
    switch field.value {
    case .word(let bits):
      try budget.take()
      values.append(Float(bitPattern: bits))
    case .bytes(let range):
      guard range.count.isMultiple(of: 4) else { throw WireFault("a list of floats has the wrong form") }
      try budget.take(parts: range.count / 4)
      for offset in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
        let bits = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        values.append(Float(bitPattern: UInt32(littleEndian: bits)))
      }
    default: throw WireFault("a list of floats has the wrong form")
    }
  }
}
