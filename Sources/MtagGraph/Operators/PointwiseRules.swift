import MtagCore

/// A function that keeps the shape and has no weights.
struct PointwiseRule: OperatorRule {
  let label: String
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape { inputs[0] }
}

/// Zeroes at random in training.
struct DropoutRule: OperatorRule {
  let rate: Float
  var label: String { "dropout \(rate)" }
  func checkAttributes(node: String) throws {
    guard (0..<1).contains(rate) else {
      throw MtagError(.usage, "\(node): dropout \(rate) is not in 0 ..< 1")
    }
  }
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape { inputs[0] }
}

/// A level in dB.
struct DecibelRule: OperatorRule {
  let floor: Float
  var label: String { "decibel" }
  func checkAttributes(node: String) throws {
    guard floor > 0, floor.isFinite else {
      throw MtagError(.usage, "\(node): the floor \(floor) of a level is not above 0")
    }
  }
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape { inputs[0] }
}

/// A sum or product of values, of which axes of length 1 are repeated.
struct BroadcastRule: OperatorRule {
  let label: String
  let inputCount: ClosedRange<Int>

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    for input in inputs.dropFirst() {
      for axis in [\TensorShape.bands, \.frames, \.channels]
      where shape[keyPath: axis] != input[keyPath: axis] {
        guard shape[keyPath: axis] == 1 || input[keyPath: axis] == 1 else {
          throw MtagError(
            .usage, "\(node) (\(label)): values of \(shape) and \(input) do not fit; make them equal")
        }
        shape[keyPath: axis] =
          min(shape[keyPath: axis], input[keyPath: axis]) < 1
          ? 0 : max(shape[keyPath: axis], input[keyPath: axis])
      }
    }
    return shape
  }
}
