import MtagGraph

/// Convolutions, pools and batch norms.
extension ONNXTranslator {
  mutating func convolution(_ reader: NodeReader) throws {
    let name = name(reader, weight: 1)
    let stored = try weight(reader, 1)
    let bias = try constant(reader, 2)
    let (source, spatial) = try map(withoutForm(try view(reader, 0), name), name)
    let window = try window(reader, Array(stored.shape.dropFirst(2)), source, spatial)
    let groups = try reader.integer("group") ?? 1
    guard source.order == nil || groups == 1 else {
      throw Fault("groups of channels that stand in another order")
    }
    var attributes = Operation.Convolution(
      channels: stored.shape[0], kernel: window.kernel, stride: window.strides, padding: .init(0, 0),
      dilation: window.dilations, groups: groups, hasBias: bias != nil)
    (attributes.padding, attributes.extraPadding) = try split(window.before, window.after)
    emit(.convolution(attributes), name, [source.node])

    var kernel = stored
    if stored.shape.count == 4 && spatial == [.frames, .bands] {
      kernel = ConstantFolder.transposed(stored, [0, 1, 3, 2])
    }
    if let order = source.order {
      let area = window.kernel.bands * window.kernel.frames
      var values = kernel.floats
      let original = values
      for row in 0..<stored.shape[0] {
        for (index, place) in order.enumerated() {
          let (from, to) = ((row * order.count + index) * area, (row * order.count + place) * area)
          values.replaceSubrange(to..<to + area, with: original[from..<from + area])
        }
      }
      kernel = ONNXConstant(kernel.shape, floats: values)
    }
    try store("\(name).weight", kernel.floats)
    if let bias { try store("\(name).bias", bias.floats) }
    try define(reader, try output(reader, name, source, spatial, channels: stored.shape[0]))
  }

  mutating func pool(_ reader: NodeReader) throws {
    let name = name(reader)
    let isMaximum = reader.node.type == "MaxPool"
    guard reader.node.outputs.count == 1 else { throw Fault("places of maxima are not given") }
    let pending = try view(reader, 0)
    let plain = isMaximum ? try withoutZeros(pending, name) : try withoutForm(pending, name)
    let (source, spatial) = try map(plain, name)
    guard let kernel = try reader.integers("kernel_shape") else { throw Fault("kernel_shape is missing") }
    let window = try window(reader, kernel, source, spatial)
    let (padding, extra) = try split(window.before, window.after)
    guard extra == .init(0, 0) else { throw Fault("a pool with more padding after its input than before") }
    guard window.dilations == .init(1, 1) else { throw Fault("a pool with dilation") }
    let countsPadding = try reader.integer("count_include_pad") ?? 0 != 0
    let isPadded = try (reader.integers("pads") ?? []).contains { $0 != 0 }
    guard isMaximum || pending.padding.isEmpty || countsPadding || !isPadded else {
      throw Fault("zeros around its input and padding of its own")
    }
    let attributes = Operation.Pool(
      kernel: window.kernel, stride: window.strides, padding: padding,
      countsPadding: countsPadding || !pending.padding.isEmpty)
    emit(isMaximum ? .maxPool(attributes) : .averagePool(attributes), name, [source.node])
    let result = try output(reader, name, source, spatial, channels: source.shape.channels)
    // A window that goes over the end exists in ONNX alone.
    for (role, kernel, stride, padding) in [
      (Role.bands, window.kernel.bands, window.strides.bands, padding.bands),
      (.frames, window.kernel.frames, window.strides.frames, padding.frames),
    ] where (source.shape[role] + 2 * padding - kernel) / stride + 1 != result.shape[role] {
      throw Fault("its last window goes over the end (ceil_mode) at this length; such pools are not known")
    }
    try define(reader, result)
  }

  mutating func globalPool(_ reader: NodeReader) throws {
    let name = name(reader)
    let (source, spatial) = try map(try settled(try view(reader, 0), name), name)
    let isMaximum = reader.node.type == "GlobalMaxPool"
    emit(isMaximum ? .reduce(.init(.max, over: .both)) : .globalAveragePool, name, [source.node])
    try define(reader, try output(reader, name, source, spatial, channels: source.shape.channels))
  }

  mutating func batchNormalization(_ reader: NodeReader) throws {
    let name = name(reader, weight: 1)
    guard try reader.integer("training_mode") ?? 0 == 0 else {
      throw Fault("it takes the statistics of the batch (training_mode); export the network for inference")
    }
    let parameters = try (1...4).map { try weight(reader, $0).floats }
    let epsilon = try reader.float("epsilon") ?? 1e-5
    var source = try settled(try view(reader, 0), name)
    let isPerBand = source.roles(1) == [.bands]
    if !isPerBand { source = try channelled(source, 1, name) }
    emit(.batchNorm(.init(epsilon: epsilon, axis: isPerBand ? .bands : .channels)), name, [source.node])
    for (suffix, values) in zip(["weight", "bias", "running_mean", "running_var"], parameters) {
      try store("\(name).\(suffix)", isPerBand ? values : inOrder(values, source.order))
    }
    source.node = name
    try define(reader, source)
  }

  // MARK: - Helpers

  /// The view with factor and offset computed, zeros around it still pending.
  private mutating func withoutForm(_ view: TensorView, _ name: String) throws -> TensorView {
    guard view.form == .plain else { return try settled(view, name) }
    return try withAffine(view, name)
  }

  /// The same for a maximum: zeros around values that are none below zero change no maximum.
  private mutating func withoutZeros(_ view: TensorView, _ name: String) throws -> TensorView {
    let result = try withoutForm(view, name)
    guard !view.padding.isEmpty else { return result }
    switch operation(result.node) {
    case .activation(.relu), .activation(.relu6), .activation(.sigmoid), .activation(.hardSigmoid):
      return result
    default: throw Fault("zeros around its input would count as values of a maximum")
    }
  }

  private struct Extents {
    var kernel = Operation.Extent(1, 1)
    var strides = Operation.Extent(1, 1)
    var dilations = Operation.Extent(1, 1)
    var before = Operation.Extent(0, 0)
    var after = Operation.Extent(0, 0)
  }

  /// The window along bands and frames, zeros that were put around before counted in.
  private func window(
    _ reader: NodeReader, _ kernel: [Int], _ source: TensorView, _ spatial: [Role]
  ) throws -> Extents {
    guard kernel.count == spatial.count else {
      throw Fault("its kernel has \(kernel.count) axes, not \(spatial.count)")
    }
    let window = try ShapeRules.window(reader, kernel, reader.shape(0) ?? [])
    var result = Extents()
    for (axis, role) in spatial.enumerated() {
      let path: WritableKeyPath<Operation.Extent, Int> = role == .bands ? \.bands : \.frames
      result.kernel[keyPath: path] = window.kernel[axis]
      result.strides[keyPath: path] = window.strides[axis]
      result.dilations[keyPath: path] = window.dilations[axis]
      result.before[keyPath: path] = (window.before[axis] ?? 0) + (source.padding[role]?.before ?? 0)
      result.after[keyPath: path] = (window.after[axis] ?? 0) + (source.padding[role]?.after ?? 0)
    }
    return result
  }

  /// Zeros on both sides, and those that come only after.
  private func split(
    _ before: Operation.Extent, _ after: Operation.Extent
  ) throws -> (Operation.Extent, Operation.Extent) {
    guard after.bands >= before.bands, after.frames >= before.frames else {
      throw Fault("more padding before its input than after (\(before) and \(after))")
    }
    return (before, .init(after.bands - before.bands, after.frames - before.frames))
  }

  /// The output of a node that reads a map.
  private func output(
    _ reader: NodeReader, _ name: String, _ source: TensorView, _ spatial: [Role], channels: Int
  ) throws -> TensorView {
    let sizes = try sizes(reader)
    guard sizes.count == 2 + spatial.count else { throw Fault("its output \(sizes) is not what it gives") }
    var shape = source.shape
    shape.channels = channels
    for (axis, role) in spatial.enumerated() { shape[role] = sizes[2 + axis] }
    let keepsChannels = channels == source.shape.channels && reader.node.type != "Conv"
    return view(name, shape, [.batch, .channels] + spatial, order: keepsChannels ? source.order : nil)
  }
}
