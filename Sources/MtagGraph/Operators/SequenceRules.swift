import MtagCore

/// A matrix product over channels.
struct LinearRule: OperatorRule {
  let features: Int
  let hasBias: Bool
  var label: String { "linear" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("features", features, 1...GraphLimits.channels, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    shape.channels = features
    return shape
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    let bound = 1 / Float(inputs[0].channels).squareRoot()
    return [Parameter("\(node).weight", [features, inputs[0].channels], .uniform(bound))]
      + (hasBias ? [Parameter("\(node).bias", [features], .uniform(bound))] : [])
  }

  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? {
    checkedProduct(inputs[0].count, features)
  }
}

/// A normalisation over channels.
struct LayerNormRule: OperatorRule {
  let epsilon: Float
  var label: String { "layer norm" }

  func checkAttributes(node: String) throws { try AttributeCheck.checkEpsilon(epsilon, node: node) }
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape { inputs[0] }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    [
      Parameter("\(node).weight", [inputs[0].channels], .constant(1)),
      Parameter("\(node).bias", [inputs[0].channels], .constant(0)),
    ]
  }
}

/// Learned frames in front of the others.
struct TokensRule: OperatorRule {
  let count: Int
  var label: String { count == 1 ? "1 token" : "\(count) tokens" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("count", count, 1...GraphLimits.extent, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    try requireSequence(shape, node: node, label: label)
    if shape.frames > 0 { shape.frames += count }
    return shape
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    [Parameter("\(node).weight", [count, inputs[0].channels], .normal(0.02))]
  }
}

/// Learned values for each place.
struct PositionsRule: OperatorRule {
  let extent: Operation.Extent
  var label: String { "positions \(extent)" }
  var longestInput: Int? { extent.frames }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("bands", extent.bands, 1...GraphLimits.bands, node: node)
    try AttributeCheck.check("frames", extent.frames, 1...GraphLimits.frames, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    guard inputs[0].bands == extent.bands else {
      throw MtagError(
        .usage, "\(node): a table for \(extent.bands) bands does not fit a value of \(inputs[0])")
    }
    return inputs[0]
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    [Parameter("\(node).weight", [extent.bands, extent.frames, inputs[0].channels], .normal(0.02))]
  }
}

/// Attention between frames.
struct AttentionRule: OperatorRule {
  let heads: Int
  var label: String { "attention, \(heads) \(heads == 1 ? "head" : "heads")" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("heads", heads, 1...GraphLimits.channels, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    try requireSequence(shape, node: node, label: label)
    guard shape.channels.isMultiple(of: 3 * heads) else {
      throw MtagError(
        .usage,
        "\(node): \(shape.channels) channels are not queries, keys and values for \(heads) heads; their number must be a "
          + "multiple of \(3 * heads)")
    }
    shape.channels /= 3
    return shape
  }

  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? {
    checkedProduct(2, output.frames, output.frames, output.channels)
  }
}

/// Sequence operators read one band.
func requireSequence(_ shape: TensorShape, node: String, label: String) throws {
  guard shape.bands <= 1 else {
    throw MtagError(
      .usage, "\(node) (\(label)): needs one band, not a value of \(shape); pool or flatten the bands first")
  }
}
