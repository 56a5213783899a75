import MtagCore

/// One node with the values that it reads.
struct InterpreterCall {
  let node: ProgramNode
  /// The values; nil where an optional one is left out.
  let inputs: [InterpreterTensor?]

  /// An input that must be there.
  func tensor(_ index: Int) throws -> InterpreterTensor {
    guard inputs.indices.contains(index), let tensor = inputs[index] else {
      throw fault("has no input \(index)")
    }
    return tensor
  }

  /// An input that may be left out.
  func optional(_ index: Int) -> InterpreterTensor? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// An input of 32-bit floats.
  func floats(_ index: Int) throws -> (shape: [Int], values: [Float]) {
    let tensor = try tensor(index)
    guard case .single(let values) = tensor.values else {
      throw fault("takes 32-bit floats as input \(index)")
    }
    return (tensor.shape, values)
  }

  /// An input of whole numbers.
  func integers(_ index: Int) throws -> [Int] {
    guard case .integers(let values) = try tensor(index).values else {
      throw fault("takes whole numbers as input \(index)")
    }
    return values
  }

  /// An axis, counted from the front.
  func axis(_ axis: Int, rank: Int) throws -> Int {
    guard (-rank..<rank).contains(axis) else { throw fault("has no axis \(axis) among \(rank)") }
    return axis < 0 ? axis + rank : axis
  }

  /// A tensor of 32-bit floats, filled in place.
  func result(_ shape: [Int], _ fill: (UnsafeMutablePointer<Float>) throws -> Void) throws
    -> InterpreterTensor
  {
    let count = try InterpreterTensor.count(of: shape, node: node)
    var values = [Float](repeating: 0, count: count)
    try values.withUnsafeMutableBufferPointer { if let base = $0.baseAddress, count > 0 { try fill(base) } }
    return InterpreterTensor(shape: shape, values: .single(values))
  }

  /// The error of a node that cannot be run.
  func fault(_ words: String) -> MtagError {
    MtagError(.badData, "node '\(node.name)' (\(node.type)) \(words)")
  }
}
