import MtagGraph

/// Sums and products, of computed values or with constants.
extension ONNXTranslator {
  mutating func arithmetic(_ reader: NodeReader) throws {
    let type = reader.node.type
    if type == "Neg" { return try define(reader, try scaled(try view(reader, 0), by: [-1], role: nil)) }
    if type == "Sum"
      || (computedView(reader, 0) != nil && (reader.node.inputs.count < 2 || computedView(reader, 1) != nil))
    {
      return try combine(reader)
    }
    if let source = computedView(reader, 0) {
      let (constant, role) = try broadcast(try weight(reader, 1), over: source, reader)
      switch type {
      case "Mul": return try define(reader, try scaled(source, by: constant, role: role))
      case "Div":
        return try define(
          reader, try scaled(source, by: constant.map { 1 / $0 }, role: role, dividing: constant))
      case "Add": return try add(constant, role, to: source, reader, 1)
      default: return try add(constant.map { -$0 }, role, to: source, reader, 1, isNegative: true)
      }
    }
    let source = try view(reader, 1)
    let (constant, role) = try broadcast(try weight(reader, 0), over: source, reader)
    switch type {
    case "Mul": try define(reader, try scaled(source, by: constant, role: role))
    case "Add": try add(constant, role, to: source, reader, 0)
    case "Sub": try add(constant, role, to: try scaled(source, by: [-1], role: nil), reader, 0)
    default: throw Fault("it divides a constant by values of the network")
    }
  }

  // MARK: - Constants

  /// The values of a constant along the one axis of a view along which they differ, in our order; positions learned for each
  /// place are given back as they are, with no role.
  private func broadcast(
    _ constant: ONNXConstant, over view: TensorView, _ reader: NodeReader
  ) throws -> (values: [Float], role: Role?) {
    if constant.count == 1 { return (constant.floats, nil) }
    let missing = view.axes.count - constant.shape.count
    guard missing >= 0 else {
      throw Fault("a constant of shape \(constant.shape) has more axes than its input")
    }
    let wide = constant.shape.indices.filter { constant.shape[$0] > 1 }
    guard wide.count == 1, let axis = wide.first, let roles = view.roles(axis + missing), roles.count == 1,
      roles[0] == .channels || roles[0] == .bands
    else {
      if reader.node.type == "Add", let table = positions(constant, over: view) { return (table, .frames) }
      throw Fault(
        "a constant of shape \(constant.shape) is neither one number nor one for each channel or band")
    }
    return (roles[0] == .channels ? inOrder(constant.floats, view.order) : constant.floats, roles[0])
  }

  /// A constant for each band, frame and channel, `[bands, frames, channels]`; nil if the batch or parts of axes are in it.
  private func positions(_ constant: ONNXConstant, over view: TensorView) -> [Float]? {
    let sizes = view.sizes
    let missing = sizes.count - constant.shape.count
    let own = ONNXConstant.strides(constant.shape)
    var steps: [Role: Int] = [:]
    for (axis, size) in constant.shape.enumerated() where size > 1 {
      guard size == sizes[axis + missing], let roles = view.roles(axis + missing), !roles.contains(.batch)
      else { return nil }
      for (role, step) in zip(roles, ONNXConstant.strides(roles.map { view.shape[$0] })) {
        steps[role] = own[axis] * step
      }
    }
    guard view.order == nil else { return nil }
    let values = constant.floats
    var table: [Float] = []
    for band in 0..<view.shape.bands {
      for frame in 0..<view.shape.frames {
        for channel in 0..<view.shape.channels {
          table.append(
            values[
              band * (steps[.bands] ?? 0) + frame * (steps[.frames] ?? 0) + channel * (steps[.channels] ?? 0)]
          )
        }
      }
    }
    return table
  }

  /// The view times a constant, pending.
  func scaled(
    _ view: TensorView, by values: [Float], role: Role?, dividing divisors: [Float]? = nil
  ) throws -> TensorView {
    var result = view
    result.affine = try joined(view.affine, role, values) {
      $0.map { value in (value.0 * value.2, value.1 * value.2) }
    }
    if case .errorFunction = view.form, role != nil { throw Fault("erf is only known as a part of GELU") }
    if view.padding.isEmpty == false {
      throw Fault("zeros were put around its input, which only a convolution can read")
    }
    // What was divided by a number and multiplied by it again is as it was.
    if let scale = result.affine.pureScale, abs(scale - 1) < 1e-6 { result.affine = .init() }
    return result
  }

  /// Factor and offset with a constant worked in; values are (factor, offset, constant).
  private func joined(
    _ affine: TensorView.Affine, _ role: Role?, _ values: [Float],
    _ body: ([(Float, Float, Float)]) -> [(Float, Float)]
  ) throws -> TensorView.Affine {
    guard role == nil || affine.role == nil || role == affine.role else {
      throw Fault("constants for each channel and for each band follow each other")
    }
    let count = max(values.count, affine.scale.count, affine.offset.count)
    func at(_ list: [Float], _ index: Int) -> Float { list.count == 1 ? list[0] : list[index] }
    let pairs = body((0..<count).map { (at(affine.scale, $0), at(affine.offset, $0), at(values, $0)) })
    return .init(role: affine.role ?? role, scale: pairs.map(\.0), offset: pairs.map(\.1))
  }

  private mutating func add(
    _ values: [Float], _ role: Role?, to view: TensorView, _ reader: NodeReader, _ weightIndex: Int,
    isNegative: Bool = false
  ) throws {
    guard view.padding.isEmpty else {
      throw Fault("zeros were put around its input, which only a convolution can read")
    }
    if role == .frames {
      let name = name(reader, weight: weightIndex)
      var result = try settled(view, name)
      emit(.positions(.init(view.shape.bands, view.shape.frames)), name, [result.node])
      try store("\(name).weight", values)
      result.node = name
      return try define(reader, result)
    }
    if let fused = try biased(values, role, view, reader) { return try define(reader, fused) }
    var result = view
    result.affine = try joined(view.affine, role, values) { $0.map { value in (value.0, value.1 + value.2) } }
    try define(reader, result)
  }

  /// A bias added to what a convolution or linear layer without one gives, if nothing else reads that.
  private mutating func biased(
    _ values: [Float], _ role: Role?, _ view: TensorView, _ reader: NodeReader
  ) throws -> TensorView? {
    let computed = reader.node.inputs.first { views[$0] != nil } ?? ""
    guard role != .bands, view.affine.isIdentity, view.form == .plain, readers[computed] == 1,
      graphReaders[view.node] == nil, weights["\(view.node).bias"] == nil
    else { return nil }
    switch operation(view.node) {
    case .linear(let features, false): replace(view.node, .linear(features: features))
    case .convolution(var attributes) where !attributes.hasBias:
      attributes.hasBias = true
      replace(view.node, .convolution(attributes))
    default: return nil
    }
    let count = view.shape.channels
    try store(
      "\(view.node).bias", values.count == count ? values : [Float](repeating: values[0], count: count))
    return view
  }

  // MARK: - Computed values

  private mutating func combine(_ reader: NodeReader) throws {
    let type = reader.node.type
    let name = name(reader)
    var parts = try reader.node.inputs.indices.map { try view(reader, $0) }
    if type == "Mul", let known = try gated(parts, name) { return try define(reader, known) }
    guard type != "Div" else { throw Fault("it divides two computed values") }
    if type == "Sub" { parts[1] = try scaled(parts[1], by: [-1], role: nil) }
    var scale: Float = 1
    if type == "Mul", let first = parts[0].affine.pureScale, let second = parts[1].affine.pureScale {
      // Factors of a product may wait.
      (parts[0].affine, parts[1].affine, scale) = (.init(), .init(), first * second)
    }
    parts = try parts.map { try settled($0, name) }
    var result = try aligned(parts)
    if parts.count > 1 {
      emit(type == "Mul" ? .multiply : .add, name, parts.map(\.node))
      result.node = name
    }
    result.affine.scale = [scale]
    try define(reader, result)
  }

  /// The view that several values of NumPy's broadcasting have together.
  private func aligned(_ parts: [TensorView]) throws -> TensorView {
    let count = parts.map(\.axes.count).max() ?? 0
    var result = parts[0]
    result.axes = []
    for axis in 0..<count {
      let lists = parts.compactMap { part -> [AxisFactor]? in
        let own = axis - (count - part.axes.count)
        return own < 0 || part.axes[own].isEmpty ? nil : part.axes[own]
      }
      guard lists.allSatisfy({ $0 == lists[0] }) else {
        throw Fault("axis \(axis) of its inputs runs along different things")
      }
      result.axes.append(lists.first ?? [])
    }
    for role in Role.allCases {
      result.shape[role] = parts.map { $0.shape[role] }.max() ?? 1
      // An axis that one value has must be one that the others have at the same place, or not at all.
      guard parts.allSatisfy({ $0.shape[role] == 1 || $0.shape[role] == result.shape[role] }) else {
        throw Fault("its inputs differ in their \(role.rawValue)")
      }
    }
    let orders = parts.filter { $0.shape.channels > 1 }.map(\.order)
    guard orders.allSatisfy({ $0 == orders.first }) else {
      throw Fault("its inputs' channels stand in different orders")
    }
    result.order = orders.first ?? nil
    return result
  }

  /// x · sigmoid(x), x · hardSigmoid(x) and GELU's x · ½ (1 + erf(x / √2)); nil if the product is none of them.
  private mutating func gated(_ parts: [TensorView], _ name: String) throws -> TensorView? {
    for (x, gate) in [(parts[0], parts[1]), (parts[1], parts[0])] {
      guard x.axes == gate.axes, x.padding.isEmpty, x.form == .plain, let scale = x.affine.pureScale else {
        continue
      }
      if case .errorFunction(let inner) = gate.form {
        guard gate.node == x.node, gate.affine.isScalar, gate.affine.scale == gate.affine.offset,
          abs(inner - Float(0.5).squareRoot()) < 1e-5
        else { continue }
        var result = x
        emit(.activation(.gelu), name, [x.node])
        result.node = name
        // x · e (1 + erf(x / √2)) = 2 e · gelu(x)
        result.affine = .init()
        return try scaled(result, by: [2 * scale * gate.affine.scale[0]], role: nil)
      }
      guard let outer = gate.affine.pureScale, source(gate.node) == x.node else { continue }
      let function: Operation.Activation
      switch operation(gate.node) {
      case .activation(.sigmoid): function = .silu
      case .activation(.hardSigmoid): function = .hardSwish
      default: continue
      }
      var result = x
      emit(.activation(function), name, [x.node])
      result.node = name
      result.affine = .init()
      return try scaled(result, by: [scale * outer], role: nil)
    }
    return nil
  }
}
