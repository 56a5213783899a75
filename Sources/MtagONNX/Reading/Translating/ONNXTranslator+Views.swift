import MtagGraph

/// Brings views into the forms that operators read.
extension ONNXTranslator {
  /// The view with all that is pending computed.
  mutating func settled(_ view: TensorView, _ name: String) throws -> TensorView {
    guard view.padding.isEmpty else {
      throw Fault("zeros were put around its input, which only a convolution or a mean can read")
    }
    switch view.form {
    case .plain: break
    case .errorFunction: throw Fault("erf is only known as a part of GELU")
    case .floor: throw Fault("a lower limit is only known before a logarithm")
    }
    return try withAffine(view, name)
  }

  /// The view with its factor and offset computed: a batch norm whose statistics are mean 0 and variance 1.
  mutating func withAffine(_ view: TensorView, _ name: String) throws -> TensorView {
    guard !view.affine.isIdentity else { return view }
    var result = view
    let node = unique("\(name).affine")
    let axis: Operation.Axis = view.affine.role == .bands ? .bands : .channels
    let count = axis == .bands ? view.shape.bands : view.shape.channels
    let epsilon: Float = 1e-5
    emit(.batchNorm(.init(epsilon: epsilon, axis: axis)), node, [view.node])
    func values(_ list: [Float]) -> [Float] {
      list.count == count ? list : [Float](repeating: list[0], count: count)
    }
    try store("\(node).weight", values(view.affine.scale))
    try store("\(node).bias", values(view.affine.offset))
    try store("\(node).running_mean", [Float](repeating: 0, count: count))
    try store("\(node).running_var", [Float](repeating: 1 - epsilon, count: count))
    result.node = node
    result.affine = .init()
    return result
  }

  /// The view with `axis` running along all channels and nothing else: bands are put into channels where it runs along both.
  mutating func channelled(_ view: TensorView, _ axis: Int, _ name: String) throws -> TensorView {
    guard let roles = view.roles(axis) else {
      throw Fault("axis \(axis) of its input runs along a part of channels or bands")
    }
    switch roles {
    case [.channels]: return view
    case []:
      guard view.shape.channels == 1 else {
        throw Fault("axis \(axis) of its input has one place, and channels stand elsewhere")
      }
      return view
    case [.bands] where view.shape.channels == 1, [.channels, .bands], [.bands, .channels]: break
    default:
      throw Fault(
        "axis \(axis) of its input runs along \(roles.map(\.rawValue).joined(separator: " × ")), and must run along channels "
          + "(is the input laid out as batch, channels, bands, frames? say so with --axes if not)")
    }
    guard view.order == nil else { throw Fault("channels in another order cannot be flattened again") }
    guard view.padding.isEmpty else { throw Fault("zeros were put around bands that become channels") }
    var result = try withAffine(view, name)
    let (bands, channels) = (view.shape.bands, view.shape.channels)
    let node = unique("\(name).flatten")
    emit(.flatten(.bandsIntoChannels), node, [result.node])
    result.node = node
    result.shape.bands = 1
    result.shape.channels = channels * bands
    result.axes[axis] = TensorView.full(.channels, result.shape)
    if roles == [.bands, .channels] {
      result.order = (0..<bands * channels).map { ($0 % channels) * bands + $0 / channels }
    }
    return result
  }

  /// Values for each channel in ONNX's order, in ours.
  func inOrder(_ values: [Float], _ order: [Int]?) -> [Float] {
    guard let order else { return values }
    var result = values
    for (index, place) in order.enumerated() { result[place] = values[index] }
    return result
  }

  /// A matrix `[rows, channels]` with the columns in our order.
  func columnsInOrder(_ values: [Float], columns: Int, _ order: [Int]?) -> [Float] {
    guard let order else { return values }
    var result = values
    for row in stride(from: 0, to: values.count, by: columns) {
      for (index, place) in order.enumerated() { result[row + place] = values[row + index] }
    }
    return result
  }

  /// A view `[batch, channels, …]`: settled, the first axis the batch, the second all channels, and each other along bands or
  /// frames.
  /// - Returns: the view, and what the axes behind the second run along.
  mutating func map(_ view: TensorView, _ name: String) throws -> (view: TensorView, spatial: [Role]) {
    guard view.axes.count == 3 || view.axes.count == 4 else {
      throw Fault("its input has \(view.axes.count) axes; 1-D and 2-D are known")
    }
    try requireBatch(view, 0)
    let result = try channelled(view, 1, name)
    var spatial: [Role?] = []
    for axis in 2..<result.axes.count {
      guard let roles = result.roles(axis), roles.count <= 1, roles != [.channels], roles != [.batch] else {
        throw Fault("axis \(axis) of its input runs along neither bands nor frames")
      }
      spatial.append(roles.first)
    }
    // An axis of one place is what the others are not.
    let free = ([.frames, .bands] as [Role]).filter { !spatial.contains($0) }
    var open =
      spatial.count == 1 || spatial == [nil, nil] ? (spatial.count == 1 ? free : [.bands, .frames]) : free
    let named = spatial.map { $0 ?? open.removeFirst() }
    return (result, named)
  }

  /// Refuses a view whose axis is not the batch alone.
  func requireBatch(_ view: TensorView, _ axis: Int) throws {
    guard view.axes[axis] == TensorView.full(.batch, view.shape) else {
      throw Fault("axis \(axis) of its input is not the batch")
    }
  }

  /// A view of a graph node's value in a layout of whole axes.
  func view(_ node: String, _ shape: TensorShape, _ roles: [Role?], order: [Int]? = nil) -> TensorView {
    var view = TensorView(node: node, shape: shape, roles: roles)
    view.order = order
    return view
  }
}
