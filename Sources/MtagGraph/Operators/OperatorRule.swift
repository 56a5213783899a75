import MtagCore

/// What the graph knows of one operator: which attributes make sense, what comes out, which weights it has, what it costs.
protocol OperatorRule {
  /// The name in tables.
  var label: String { get }
  /// How many values it reads.
  var inputCount: ClosedRange<Int> { get }
  /// Checks the attributes alone; `node` names the place.
  /// - Throws: `MtagError` (usage) naming the attribute and its value.
  func checkAttributes(node: String) throws
  /// The shape of the output; sizes may come out as 0 or less where an input is too small.
  /// - Throws: `MtagError` (usage) if the inputs have the wrong form.
  func outputShape(of inputs: [TensorShape], node: String) throws -> TensorShape
  /// The most frames that an input may have; nil for any number.
  var longestInput: Int? { get }
  /// Its weights.
  func parameters(node: String, inputs: [TensorShape]) -> [Parameter]
  /// Multiply-accumulates for one clip; nil if their number is beyond 2⁶³.
  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int?
}

extension OperatorRule {
  var inputCount: ClosedRange<Int> { 1...1 }
  var longestInput: Int? { nil }
  func checkAttributes(node: String) throws {}
  func parameters(node: String, inputs: [TensorShape]) -> [Parameter] { [] }
  func multiplyAccumulates(inputs: [TensorShape], output: TensorShape) -> Int? { 0 }
}

/// Checks of attributes that several operators share.
enum AttributeCheck {
  static func check(_ attribute: String, _ value: Int, _ range: ClosedRange<Int>, node: String) throws {
    guard range.contains(value) else {
      throw MtagError(
        .usage, "\(node): \(attribute) \(value) is not in \(range.lowerBound) … \(range.upperBound)")
    }
  }

  static func check(_ attribute: String, _ extent: Operation.Extent, from low: Int, node: String) throws {
    try check("\(attribute) (bands)", extent.bands, low...GraphLimits.extent, node: node)
    try check("\(attribute) (frames)", extent.frames, low...GraphLimits.extent, node: node)
  }

  static func checkEpsilon(_ epsilon: Float, node: String) throws {
    guard epsilon > 0, epsilon.isFinite else {
      throw MtagError(.usage, "\(node): epsilon \(epsilon) is not above 0")
    }
  }
}

/// How many windows fit into `size` positions with `padding` more in all.
func windowCount(_ size: Int, kernel: Int, stride: Int, padding: Int) -> Int {
  let room = size + padding - kernel
  return room < 0 ? 0 : room / stride + 1
}

extension Operation {
  /// The operator's rule.
  var rule: any OperatorRule {
    switch self {
    case .convolution(let attributes): attributes
    case .batchNorm(let attributes): attributes
    case .layerNorm(let epsilon): LayerNormRule(epsilon: epsilon)
    case .activation(let function): PointwiseRule(label: function.rawValue)
    case .softmax(let axis): PointwiseRule(label: "softmax over \(axis.rawValue)")
    case .maxPool(let attributes): PoolRule(attributes: attributes, isMaximum: true)
    case .averagePool(let attributes): PoolRule(attributes: attributes, isMaximum: false)
    case .adaptivePool(let attributes): attributes
    case .globalAveragePool: GlobalAveragePoolRule()
    case .reduce(let attributes): attributes
    case .dropout(let rate): DropoutRule(rate: rate)
    case .linear(let features, let hasBias): LinearRule(features: features, hasBias: hasBias)
    case .add: BroadcastRule(label: "add", inputCount: 2...GraphLimits.inputs)
    case .multiply: BroadcastRule(label: "multiply", inputCount: 2...2)
    case .concatenate(let axis): ConcatenateRule(axis: axis)
    case .flatten(let kind): FlattenRule(kind: kind)
    case .select(let frame): SelectRule(frame: frame)
    case .tokens(let count): TokensRule(count: count)
    case .positions(let extent): PositionsRule(extent: extent)
    case .recurrent(let attributes): attributes
    case .attention(let heads): AttentionRule(heads: heads)
    case .harmonicFilter(let attributes): attributes
    case .decibel(let floor): DecibelRule(floor: floor)
    }
  }
}
