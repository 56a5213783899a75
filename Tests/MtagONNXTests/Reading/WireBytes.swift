/// Writes protobuf messages byte by byte, also such as no program would write.
struct WireBytes {
  private(set) var bytes: [UInt8] = []

  static func number(_ value: Int) -> [UInt8] {
    var rest = UInt64(bitPattern: Int64(value))
    var result: [UInt8] = []
    while rest >= 0x80 {
      result.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return result + [UInt8(rest)]
  }

  mutating func integer(_ field: Int, _ value: Int) { bytes += Self.number(field << 3) + Self.number(value) }

  mutating func data(_ field: Int, _ value: [UInt8]) {
    bytes += Self.number(field << 3 | 2) + Self.number(value.count) + value
  }

  mutating func text(_ field: Int, _ value: String) { data(field, Array(value.utf8)) }

  mutating func message(_ field: Int, _ body: (inout WireBytes) -> Void) {
    var inner = WireBytes()
    body(&inner)
    data(field, inner.bytes)
  }

  mutating func raw(_ value: [UInt8]) { bytes += value }
}

/// ONNX messages for tests.
extension WireBytes {
  /// A model of operator set 17 with one graph.
  static func model(opset: Int = 17, _ graph: (inout WireBytes) -> Void) -> [UInt8] {
    var model = WireBytes()
    model.integer(1, 8)
    model.message(8) { $0.integer(2, opset) }
    model.message(7) {
      $0.text(2, "test")
      graph(&$0)
    }
    return model.bytes
  }

  mutating func node(
    _ type: String, _ name: String, _ inputs: [String], _ outputs: [String],
    _ attributes: (inout WireBytes) -> Void = { _ in }
  ) {
    message(1) { node in
      inputs.forEach { node.text(1, $0) }
      outputs.forEach { node.text(2, $0) }
      node.text(3, name)
      node.text(4, type)
      attributes(&node)
    }
  }

  mutating func attribute(_ name: String, integers: [Int]) {
    message(5) { attribute in
      attribute.text(1, name)
      integers.forEach { attribute.integer(8, $0) }
      attribute.integer(20, 7)
    }
  }

  mutating func attribute(_ name: String, integer: Int) {
    message(5) { attribute in
      attribute.text(1, name)
      attribute.integer(3, integer)
      attribute.integer(20, 2)
    }
  }

  mutating func tensor(_ name: String, _ shape: [Int], type: Int = 1, raw: [UInt8]?, field: Int = 5) {
    message(field) { tensor in
      shape.forEach { tensor.integer(1, $0) }
      tensor.integer(2, type)
      tensor.text(8, name)
      if let raw { tensor.data(9, raw) }
    }
  }

  mutating func floats(_ name: String, _ shape: [Int], _ values: [Float]) {
    tensor(
      name, shape, raw: values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 0xFF) } }
    )
  }

  mutating func external(_ name: String, _ shape: [Int], _ texts: [(String, String)]) {
    message(5) { tensor in
      shape.forEach { tensor.integer(1, $0) }
      tensor.integer(2, 1)
      tensor.text(8, name)
      for (key, value) in texts {
        tensor.message(13) {
          $0.text(1, key)
          $0.text(2, value)
        }
      }
      tensor.integer(14, 1)
    }
  }

  /// An input (11) or output (12); negative sizes are open.
  mutating func value(_ field: Int, _ name: String, _ shape: [Int], type: Int = 1) {
    message(field) { value in
      value.text(1, name)
      value.message(2) {
        $0.message(1) { tensor in
          tensor.integer(1, type)
          tensor.message(2) { sizes in
            for size in shape {
              sizes.message(1) { if size >= 0 { $0.integer(1, size) } else { $0.text(2, "open") } }
            }
          }
        }
      }
    }
  }

  /// A small network: global mean and a linear layer of three labels.
  mutating func meanNetwork(weights: (inout WireBytes) -> Void) {
    value(11, "x", [-1, 2, 8, -1])
    value(12, "y", [-1, 3])
    node("GlobalAveragePool", "pool", ["x"], ["p"])
    node("Flatten", "flat", ["p"], ["f"])
    node("Gemm", "head", ["f", "head.weight"], ["y"]) { $0.attribute("transB", integer: 1) }
    weights(&self)
  }
}
