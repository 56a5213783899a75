import MtagCore

/// Values one behind the other.
struct ConcatenateRule: OperatorRule {
  let axis: Operation.Axis
  var label: String { "concatenate \(axis.rawValue)" }
  var inputCount: ClosedRange<Int> { 2...GraphLimits.inputs }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    let joined: WritableKeyPath<TensorShape, Int> =
      switch axis {
      case .bands: \.bands
      case .frames: \.frames
      case .channels: \.channels
      }
    for input in inputs.dropFirst() {
      var (here, there) = (shape, input)
      here[keyPath: joined] = 1
      there[keyPath: joined] = 1
      guard here == there else {
        throw MtagError(
          .usage,
          "\(node) (\(label)): values of \(shape) and \(input) differ elsewhere than in \(axis.rawValue)")
      }
      shape[keyPath: joined] += input[keyPath: joined]
    }
    return shape
  }
}

/// Bands put into another axis.
struct FlattenRule: OperatorRule {
  let kind: Operation.Flattening
  var label: String { kind == .bandsIntoChannels ? "bands into channels" : "bands into frames" }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    guard let channels = checkedProduct(shape.channels, shape.bands), channels <= GraphLimits.values,
      let frames = checkedProduct(shape.bands, shape.frames)
    else { throw MtagError(.usage, "\(node): \(shape) is too large to be flattened") }
    switch kind {
    case .bandsIntoChannels: shape.channels = channels
    case .bandsIntoFrames: shape.frames = frames
    }
    shape.bands = min(shape.bands, 1)
    return shape
  }
}

/// One frame.
struct SelectRule: OperatorRule {
  let frame: Int
  var label: String { frame == 0 ? "first frame" : frame == -1 ? "last frame" : "frame \(frame)" }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("frame", frame, -GraphLimits.frames...GraphLimits.frames, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    let needed = frame < 0 ? -frame : frame + 1
    shape.frames = shape.frames >= needed ? 1 : 0
    return shape
  }
}
