import MtagGraph

extension NetworkWriter {
  mutating func batchNorm(
    _ name: String, _ source: String, _ attributes: Operation.BatchNorm, _ extents: Extents
  ) {
    if weights.foldedNorms.contains(name) { return alias(name, of: source) }
    let parameters = ["weight", "bias", "running_mean", "running_var"].map { stored("\(name).\($0)") }
    let epsilon = ProgramNode.Value.float(attributes.epsilon)
    if attributes.axis == .bands {
      // The operator's second axis is what it normalises.
      let turned = builder.transpose(value(source, .map), "\(name).bands-first", [0, 2, 1, 3])
      let normal = builder.add(
        "BatchNormalization", "\(name).normalized", [turned] + parameters, ["epsilon": epsilon])
      builder.addReserved(
        "Transpose", name, [normal], to: output(name), ["perm": .integers([0, 2, 1, 3])])
      return define(name, output(name), .map, extents)
    }
    let layout: Layout = layout(source) == .vector ? .vector : .map
    builder.addReserved(
      "BatchNormalization", name, [value(source, layout)] + parameters, to: output(name),
      ["epsilon": epsilon])
    define(name, output(name), layout, extents)
  }

  mutating func layerNorm(_ name: String, _ source: String, _ epsilon: Float, _ extents: Extents) {
    let parameters = [stored("\(name).weight"), stored("\(name).bias")]
    if extents.bands > 1 {
      let turned = builder.transpose(value(source, .map), "\(name).channels-last", [0, 2, 3, 1])
      let normal = builder.add(
        "LayerNormalization", "\(name).normalized", [turned] + parameters,
        ["axis": .integer(-1), "epsilon": .float(epsilon)])
      builder.addReserved(
        "Transpose", name, [normal], to: output(name), ["perm": .integers([0, 3, 1, 2])])
      return define(name, output(name), .map, extents)
    }
    let layout: Layout = layout(source) == .vector ? .vector : .sequence
    builder.addReserved(
      "LayerNormalization", name, [value(source, layout)] + parameters, to: output(name),
      ["axis": .integer(-1), "epsilon": .float(epsilon)])
    define(name, output(name), layout, extents)
  }

  mutating func activation(
    _ name: String, _ source: String, _ function: Operation.Activation, _ extents: Extents
  ) {
    let layout = layout(source)
    let x = value(source, layout)
    let result = output(name)
    switch function {
    case .relu: builder.addReserved("Relu", name, [x], to: result)
    case .relu6:
      builder.addReserved("Clip", name, [x, builder.number(0), builder.number(6)], to: result)
    case .elu: builder.addReserved("Elu", name, [x], to: result, ["alpha": .float(1)])
    case .gelu: gelu(name, x, to: result)
    case .silu:
      let gate = builder.add("Sigmoid", "\(name).sigmoid", [x])
      builder.addReserved("Mul", name, [x, gate], to: result)
    case .hardSwish: builder.addReserved("HardSwish", name, [x], to: result)
    case .hardSigmoid:
      builder.addReserved(
        "HardSigmoid", name, [x], to: result, ["alpha": .float(1.0 / 6), "beta": .float(0.5)])
    case .sigmoid: builder.addReserved("Sigmoid", name, [x], to: result)
    case .tanh: builder.addReserved("Tanh", name, [x], to: result)
    }
    define(name, result, layout, extents)
  }

  mutating func softmax(_ name: String, _ source: String, _ axis: Operation.Axis, _ extents: Extents) {
    let layout = axis == .bands ? .map : layoutWithAxes(source)
    builder.addReserved(
      "Softmax", name, [value(source, layout)], to: output(name), ["axis": .integer(place(axis, layout))])
    define(name, output(name), layout, extents)
  }

  /// 10 · log10(max(x, floor))
  mutating func decibel(_ name: String, _ source: String, _ floor: Float, _ extents: Extents) {
    let layout = layout(source)
    let bounded = builder.add("Max", "\(name).bounded", [value(source, layout), builder.number(floor)])
    let logarithm = builder.add("Log", "\(name).logarithm", [bounded])
    let factor = builder.number(Float(10 / Decades.naturalLogarithm))
    builder.addReserved("Mul", name, [logarithm, factor], to: output(name))
    define(name, output(name), layout, extents)
  }

  /// Sums and products; axes of length 1 are repeated.
  mutating func combination(_ type: String, _ name: String, _ inputs: [String], _ extents: Extents) {
    let layout = commonLayout(inputs)
    var result = value(inputs[0], layout)
    for (index, input) in inputs.enumerated().dropFirst() {
      let operands = [result, value(input, layout)]
      if index == inputs.count - 1 {
        builder.addReserved(type, name, operands, to: output(name))
        result = output(name)
      } else {
        result = builder.add(type, "\(name).\(index)", operands)
      }
    }
    define(name, result, layout, extents)
  }

  mutating func concatenation(
    _ name: String, _ inputs: [String], _ axis: Operation.Axis, _ extents: Extents
  ) {
    var layout = axis == .bands ? .map : commonLayout(inputs)
    if layout == .vector, axis != .channels { layout = .map }
    let values = inputs.map { value($0, layout) }
    builder.addReserved(
      "Concat", name, values, to: output(name), ["axis": .integer(place(axis, layout))])
    define(name, output(name), layout, extents)
  }

  // MARK: - Helpers

  /// Where an axis stands.
  func place(_ axis: Operation.Axis, _ layout: Layout) -> Int {
    switch (layout, axis) {
    case (.map, .channels): 1
    case (.map, .bands): 2
    case (.map, .frames): 3
    case (.sequence, .frames): 1
    case (.sequence, .channels): 2
    case (.vector, .channels): 1
    case (.sequence, .bands), (.vector, _): preconditionFailure("\(layout) has no \(axis)")
    }
  }

  /// A value's layout, but that of a vector with all its axes.
  func layoutWithAxes(_ source: String) -> Layout { layout(source) == .vector ? .map : layout(source) }

  /// A layout in which several values can meet.
  private func commonLayout(_ inputs: [String]) -> Layout {
    let layouts = Set(inputs.map { layout($0) })
    if layouts.count == 1, let only = layouts.first { return only }
    let haveOneBand = inputs.allSatisfy { extents($0).bands == 1 }
    return haveOneBand && layouts.contains(.sequence) ? .sequence : .map
  }

  /// x · Φ(x): an operator of its own from opset 20 on.
  private mutating func gelu(_ name: String, _ x: String, to result: String) {
    if builder.opset >= 20 { return builder.addReserved("Gelu", name, [x], to: result) }
    let scaled = builder.scaled(x, by: Float(0.5).squareRoot(), "\(name).scaled")
    let error = builder.add("Erf", "\(name).erf", [scaled])
    let sum = builder.shifted(error, by: 1, "\(name).sum")
    let product = builder.add("Mul", "\(name).product", [x, sum])
    builder.addReserved("Mul", name, [product, builder.number(0.5)], to: result)
  }
}
