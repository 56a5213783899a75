extension Operation {
  /// Attributes of recurrent layers along frames: `[batch, 1, frames, channels]` → `[batch, 1, frames, hidden · directions]`.
  ///
  /// Weights and gates stand as PyTorch's `nn.GRU` and `nn.LSTM` have them (gates r, z, n and i, f, g, o).
  public struct Recurrent: Codable, Hashable, Sendable {
    /// The cell.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
      case gru, lstm
      /// How many gates it has.
      public var gates: Int { self == .gru ? 3 : 4 }
    }

    /// The cell.
    public var kind: Kind
    /// Width of the state, for each direction.
    public var hidden: Int
    /// Layers, each reading the former's output.
    public var layers: Int
    /// Whether a second cell runs from the last frame to the first; its output stands behind the first's.
    public var isBidirectional: Bool

    /// Makes recurrent layers' attributes.
    public init(_ kind: Kind, hidden: Int, layers: Int = 1, isBidirectional: Bool = false) {
      self.kind = kind
      self.hidden = hidden
      self.layers = layers
      self.isBidirectional = isBidirectional
    }

    /// 1, or 2 if it runs both ways.
    public var directions: Int { isBidirectional ? 2 : 1 }
  }
}

extension Operation.Recurrent: OperatorRule {
  var label: String {
    let name = isBidirectional ? "bidirectional \(kind.rawValue)" : kind.rawValue
    return layers == 1 ? "\(name) \(hidden)" : "\(name) \(hidden), \(layers) layers"
  }

  func checkAttributes(node: String) throws {
    try AttributeCheck.check("hidden", hidden, 1...GraphLimits.channels / 2, node: node)
    try AttributeCheck.check("layers", layers, 1...64, node: node)
  }

  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape {
    var shape = inputs[0]
    try requireSequence(shape, node: node, label: label)
    shape.channels = hidden * directions
    return shape
  }

  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] {
    let (rows, bound) = (kind.gates * hidden, 1 / Float(hidden).squareRoot())
    return (0..<layers).flatMap { layer in
      ["", "_reverse"].prefix(directions).flatMap { suffix in
        let width = layer == 0 ? inputs[0].channels : hidden * directions
        return [
          Parameter("\(node).weight_ih_l\(layer)\(suffix)", [rows, width], .uniform(bound)),
          Parameter("\(node).weight_hh_l\(layer)\(suffix)", [rows, hidden], .uniform(bound)),
          Parameter("\(node).bias_ih_l\(layer)\(suffix)", [rows], .uniform(bound)),
          Parameter("\(node).bias_hh_l\(layer)\(suffix)", [rows], .uniform(bound)),
        ]
      }
    }
  }

  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? {
    var total = 0
    for layer in 0..<layers {
      let width = layer == 0 ? inputs[0].channels : hidden * directions
      guard let count = checkedProduct(output.frames, directions, kind.gates * hidden, width + hidden),
        case let (sum, overflow) = total.addingReportingOverflow(count), !overflow
      else { return nil }
      total = sum
    }
    return total
  }
}
