import MtagGraph

/// Element-wise functions.
extension ONNXTranslator {
  mutating func pointwise(_ reader: NodeReader) throws {
    switch reader.node.type {
    case "Relu": try activation(.relu, reader)
    case "Sigmoid": try activation(.sigmoid, reader)
    case "Tanh": try activation(.tanh, reader)
    case "HardSwish": try activation(.hardSwish, reader)
    case "Elu":
      guard try reader.float("alpha") ?? 1 == 1 else { throw Fault("ELU with an alpha other than 1") }
      try activation(.elu, reader)
    case "Gelu":
      guard try reader.text("approximate") ?? "none" == "none" else {
        throw Fault("GELU by tanh; only GELU by erf is known")
      }
      try activation(.gelu, reader)
    case "Swish":
      guard try reader.float("alpha") ?? 1 == 1 else { throw Fault("Swish with an alpha other than 1") }
      try activation(.silu, reader)
    case "HardSigmoid": try hardSigmoid(reader)
    case "LeakyRelu": try leakyRelu(reader, [try reader.float("alpha") ?? 0.01], nil)
    case "PRelu":
      let slope = try weight(reader, 1)
      let source = try view(reader, 0)
      guard slope.count == 1 || slope.count == source.shape.channels, source.order == nil else {
        throw Fault("its slopes of shape \(slope.shape) are not one for each channel")
      }
      try leakyRelu(reader, slope.floats, slope.count == 1 ? nil : .channels)
    case "Clip": try clip(reader, low: try limit(reader, "min", 1), high: try limit(reader, "max", 2))
    case "Max": try maximum(reader)
    case "Erf":
      var result = try view(reader, 0)
      guard result.form == .plain, let scale = result.affine.pureScale, result.padding.isEmpty else {
        throw Fault("erf is only known as a part of GELU")
      }
      result.form = .errorFunction(scale: scale)
      result.affine = .init()
      try define(reader, result)
    default: try logarithm(reader)
    }
  }

  // MARK: - Helpers

  private mutating func activation(_ function: Operation.Activation, _ reader: NodeReader) throws {
    let name = name(reader)
    try define(reader, try activated(function, try settled(try view(reader, 0), name), name))
  }

  private mutating func activated(
    _ function: Operation.Activation, _ source: TensorView, _ name: String
  ) throws -> TensorView {
    var result = source
    emit(.activation(function), name, [source.node])
    result.node = name
    return result
  }

  /// max(0, min(1, alpha · x + ½)): ours has alpha = 1/6.
  private mutating func hardSigmoid(_ reader: NodeReader) throws {
    let (alpha, beta) = (try reader.float("alpha") ?? 0.2, try reader.float("beta") ?? 0.5)
    guard beta == 0.5 else { throw Fault("a hard sigmoid with beta \(beta); only 0.5 is known") }
    let name = name(reader)
    let wider = try scaled(try view(reader, 0), by: [abs(alpha - 1 / 6) < 1e-6 ? 1 : 6 * alpha], role: nil)
    try define(reader, try activated(.hardSigmoid, try settled(wider, name), name))
  }

  /// relu(x) − slope · relu(−x)
  private mutating func leakyRelu(_ reader: NodeReader, _ slopes: [Float], _ role: Role?) throws {
    let name = name(reader)
    let source = try settled(try view(reader, 0), name)
    if slopes.allSatisfy({ $0 == 0 }) { return try define(reader, try activated(.relu, source, name)) }
    let above = try activated(.relu, source, unique("\(name).above"))
    let turned = try withAffine(try scaled(source, by: [-1], role: nil), name)
    let below = try activated(.relu, turned, unique("\(name).below"))
    let weighted = try withAffine(try scaled(below, by: slopes.map { -$0 }, role: role), name)
    emit(.add, name, [above.node, weighted.node])
    var result = source
    result.node = name
    try define(reader, result)
  }

  /// A limit of `Clip`: an attribute in old operator sets, an input in newer ones.
  private func limit(_ reader: NodeReader, _ attribute: String, _ index: Int) throws -> Float? {
    if reader.operatorSet < 11 { return try reader.float(attribute) }
    guard let constant = try constant(reader, index) else { return nil }
    guard let value = constant.scalar else { throw Fault("input \(index) must be one number") }
    return value
  }

  private mutating func clip(_ reader: NodeReader, low: Float?, high: Float?) throws {
    let name = name(reader)
    let source = try view(reader, 0)
    let isOpen = high.map { $0 >= Float.greatestFiniteMagnitude } ?? true
    switch (low, high) {
    case (0, _) where isOpen: try activation(.relu, reader)
    case (0, 6)
    where source.form == .plain && source.affine.isScalar && source.affine.scale == [1]
      && source.affine.offset == [3]:
      // relu6(x + 3) = 6 · hardSigmoid(x)
      var plain = source
      plain.affine = .init()
      let gate = try activated(.hardSigmoid, try settled(plain, name), name)
      try define(reader, try scaled(gate, by: [6], role: nil))
    case (0, 6): try define(reader, try activated(.relu6, try settled(source, name), name))
    case (let floor?, _) where isOpen && floor > 0: try define(reader, try limited(source, floor, name))
    default:
      throw Fault(
        "limits \(low.map { "\($0)" } ?? "none") and \(high.map { "\($0)" } ?? "none"); known are 0 and 6, and 0 alone"
      )
    }
  }

  private mutating func maximum(_ reader: NodeReader) throws {
    guard reader.node.inputs.count == 2,
      let index = [0, 1].first(where: { computedView(reader, $0) != nil }),
      computedView(reader, 1 - index) == nil, let value = try weight(reader, 1 - index).scalar
    else { throw Fault("only the maximum of values and one number is known") }
    if value == 0 {
      return try define(
        reader,
        try activated(.relu, try settled(try view(reader, index), name(reader)), unique(reader.node.name)))
    }
    guard value > 0 else { throw Fault("a lower limit of \(value)") }
    try define(reader, try limited(try view(reader, index), value, name(reader)))
  }

  private mutating func limited(_ source: TensorView, _ floor: Float, _ name: String) throws -> TensorView {
    var result = try settled(source, name)
    result.form = .floor(floor)
    return result
  }

  /// The logarithm of what was limited from below: a level in dB times ln 10 / 10.
  private mutating func logarithm(_ reader: NodeReader) throws {
    let name = name(reader)
    var source = try view(reader, 0)
    guard case .floor(let floor) = source.form, source.affine.isIdentity else {
      throw Fault("a logarithm of values that are not limited from below (Clip or Max)")
    }
    source.form = .plain
    emit(.decibel(floor: floor), name, [source.node])
    source.node = name
    source.affine.scale = [0.230258509]
    try define(reader, source)
  }
}
