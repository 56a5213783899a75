/// The messages above the graph. Field numbers: ONNX IR specification, `onnx.proto3`.
extension ONNXFile {
  /// `ModelProto`
  mutating func readModel(_ budget: inout ReadingBudget) throws {
    var graph: Range<Int>?
    var (name, version) = ("", "")
    var hasOperatorSets = false
    var reader = WireReader(bytes, 0..<bytes.count)
    while let field = try reader.next() {
      switch field.number {
      case 1: formatVersion = try field.integer("the format version")
      case 2: name = try budget.text(bytes, field.bytes("the producer"), "the producer")
      case 3:
        version = try budget.text(bytes, field.bytes("the producer's version"), "the producer's version")
      case 7:
        guard graph == nil else { throw WireFault("it has two graphs") }
        graph = try field.bytes("the graph")
      case 8:
        hasOperatorSets = true
        try readOperatorSet(field.bytes("an operator set"), &budget)
      case 14: try readText(field.bytes("the metadata"), &budget)
      case 25: functionCount += 1
      default: break
      }
    }
    producer = [name, version].filter { !$0.isEmpty }.joined(separator: " ")
    guard let graph else { throw WireFault("it has no graph; is it an ONNX file, and whole?") }
    guard hasOperatorSets else { throw WireFault("it names no operator set (opset_import)") }
    try readGraph(graph, &budget)
    let external = tensors.filter(\.isExternal).reduce(0) {
      $0.addingClamped($1.count.multipliedClamped(by: $1.type?.byteCount ?? 1))
    }
    guard external <= ONNXLimits.externalBytes else {
      throw WireFault("its tensors take \(external) bytes of other files, more than are read (2 GiB)")
    }
  }

  private mutating func readOperatorSet(_ range: Range<Int>, _ budget: inout ReadingBudget) throws {
    var (domain, version) = ("", 0)
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: domain = try budget.text(bytes, field.bytes("a domain"), "a domain")
      case 2: version = try field.integer("an operator set's version")
      default: break
      }
    }
    // Both names stand for the standard operators.
    if domain == "ai.onnx" { domain = "" }
    guard operatorSets.updateValue(version, forKey: domain) == nil else {
      throw WireFault("it imports the operator set '\(domain)' twice")
    }
    guard operatorSets.count <= ONNXLimits.texts else { throw WireFault("it imports too many operator sets") }
  }

  private mutating func readText(_ range: Range<Int>, _ budget: inout ReadingBudget) throws {
    let (key, value) = try pair(range, &budget)
    guard metadata.updateValue(value, forKey: key) == nil else {
      throw WireFault("its metadata has '\(key)' twice")
    }
    guard metadata.count <= ONNXLimits.texts else {
      throw WireFault("its metadata has more than \(ONNXLimits.texts) texts")
    }
  }

  /// `StringStringEntryProto`
  func pair(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> (key: String, value: String) {
    var (key, value) = ("", "")
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: key = try budget.text(bytes, field.bytes("a key"), "a key")
      case 2: value = try budget.text(bytes, field.bytes("a text"), "a text", limit: ONNXLimits.textBytes)
      default: break
      }
    }
    return (key, value)
  }

  /// `GraphProto`
  private mutating func readGraph(_ range: Range<Int>, _ budget: inout ReadingBudget) throws {
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1:
        guard nodes.count < ONNXLimits.nodes else {
          throw WireFault("it has more than \(ONNXLimits.nodes) nodes")
        }
        nodes.append(try node(field.bytes("a node"), &budget))
      case 2: graphName = try budget.text(bytes, field.bytes("the graph's name"), "the graph's name")
      case 5:
        guard tensors.count < ONNXLimits.tensors else {
          throw WireFault("it stores more than \(ONNXLimits.tensors) tensors")
        }
        tensors.append(try tensor(field.bytes("a tensor"), &budget))
      case 11: inputs.append(try declaration(field.bytes("an input"), &budget))
      case 12: outputs.append(try declaration(field.bytes("an output"), &budget))
      case 13: innerValues.append(try declaration(field.bytes("a declared value"), &budget))
      case 15: sparseTensorCount += 1
      default: break
      }
      guard inputs.count + outputs.count + innerValues.count <= ONNXLimits.declarations else {
        throw WireFault("it declares more than \(ONNXLimits.declarations) values")
      }
    }
  }

  /// `ValueInfoProto`
  private func declaration(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> Declaration {
    var result = Declaration()
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      switch field.number {
      case 1: result.name = try budget.text(bytes, field.bytes("a value's name"), "a value's name")
      case 2: try readType(field.bytes("a value's type"), into: &result, &budget)
      default: break
      }
    }
    return result
  }

  /// `TypeProto`: `Tensor` or something that is not read.
  private func readType(
    _ range: Range<Int>, into result: inout Declaration, _ budget: inout ReadingBudget
  ) throws {
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      guard field.number == 1 else {
        if [4, 5, 8, 9].contains(field.number) { result.isTensor = false }
        continue
      }
      var tensor = WireReader(bytes, try field.bytes("a tensor type"))
      while let field = try tensor.next() {
        switch field.number {
        case 1: result.type = ONNXElementType(rawValue: try field.integer("an element type"))
        case 2: result.axes = try axes(field.bytes("a shape"), &budget)
        default: break
        }
      }
    }
  }

  /// `TensorShapeProto`
  private func axes(_ range: Range<Int>, _ budget: inout ReadingBudget) throws -> [AxisSize] {
    var result: [AxisSize] = []
    var reader = WireReader(bytes, range)
    while let field = try reader.next() {
      guard field.number == 1 else { continue }
      guard result.count < ONNXLimits.axes else {
        throw WireFault("a declared value has more than \(ONNXLimits.axes) axes")
      }
      var size = AxisSize.unknown
      var dimension = WireReader(bytes, try field.bytes("an axis"))
      while let field = try dimension.next() {
        switch field.number {
        case 1:
          let number = try field.integer("the size of an axis")
          guard (0...ONNXLimits.axisSize).contains(number) else {
            throw WireFault("a declared value has an axis of size \(number)")
          }
          size = .fixed(number)
        case 2: size = .symbolic(try budget.text(bytes, field.bytes("an axis's name"), "an axis's name"))
        default: break
        }
      }
      try budget.take()
      result.append(size)
    }
    return result
  }
}
