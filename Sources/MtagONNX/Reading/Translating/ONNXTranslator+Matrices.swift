import MtagGraph

/// Matrix products and layer norms.
extension ONNXTranslator {
  mutating func matrixProduct(_ reader: NodeReader) throws {
    guard let source = computedView(reader, 0) else {
      throw Fault(
        "its first matrix is constant; only products of computed values with constant matrices are known")
    }
    guard computedView(reader, 1) == nil else {
      throw Fault("both matrices are computed (attention); that is only known in mtag-zoo's own files")
    }
    let name = name(reader, weight: 1)
    var matrix = try weight(reader, 1)
    while matrix.shape.count > 2, matrix.shape[0] == 1 { matrix.shape.removeFirst() }
    guard matrix.shape.count == 2 else { throw Fault("its matrix has the shape \(matrix.shape)") }
    let turned = ConstantFolder.transposed(matrix, [1, 0])
    try define(reader, try linear(try settled(source, name), turned, nil, name))
  }

  mutating func matrixProductWithBias(_ reader: NodeReader) throws {
    let name = name(reader, weight: 1)
    guard try reader.integer("transA") ?? 0 == 0 else { throw Fault("its first matrix is transposed") }
    let (alpha, beta) = (try reader.float("alpha") ?? 1, try reader.float("beta") ?? 1)
    var matrix = try weight(reader, 1)
    guard matrix.shape.count == 2 else { throw Fault("its matrix has the shape \(matrix.shape)") }
    if try reader.integer("transB") ?? 0 == 0 { matrix = ConstantFolder.transposed(matrix, [1, 0]) }
    if alpha != 1 { matrix = ONNXConstant(matrix.shape, floats: matrix.floats.map { $0 * alpha }) }
    var bias = try constant(reader, 2)
    if let given = bias {
      guard given.shape.allSatisfy({ $0 == 1 }) || given.shape.dropLast().allSatisfy({ $0 == 1 }) else {
        throw Fault("its bias has the shape \(given.shape)")
      }
      let values = ConstantFolder.spread(
        ONNXConstant([given.count], floats: given.floats), to: [matrix.shape[0]]
      ).floats
      bias = ONNXConstant([values.count], floats: beta == 1 ? values : values.map { $0 * beta })
    }
    try define(reader, try linear(try settled(try view(reader, 0), name), matrix, bias?.floats, name))
  }

  /// A matrix `[out, in]` over the last axis: over the channels of each pixel, or over a whole map of fixed size, which is a
  /// convolution with a kernel of that size.
  private mutating func linear(
    _ source: TensorView, _ matrix: ONNXConstant, _ bias: [Float]?, _ name: String
  ) throws -> TensorView {
    let last = source.axes.count - 1
    let (features, columns) = (matrix.shape[0], matrix.shape[1])
    if source.axes[last].contains(where: { $0.role == .frames }) {
      return try overMap(source, matrix, bias, name)
    }
    var result = try channelled(source, last, name)
    emit(.linear(features: features, hasBias: bias != nil), name, [result.node])
    try store("\(name).weight", columnsInOrder(matrix.floats, columns: columns, result.order))
    if let bias { try store("\(name).bias", bias) }
    result.node = name
    result.order = nil
    result.shape.channels = features
    result.axes[last] = TensorView.full(.channels, result.shape)
    return result
  }

  private mutating func overMap(
    _ source: TensorView, _ matrix: ONNXConstant, _ bias: [Float]?, _ name: String
  ) throws -> TensorView {
    let last = source.axes.count - 1
    guard let roles = source.roles(last), Set(roles).count == roles.count, !roles.contains(.batch),
      source.axes.dropFirst().dropLast().allSatisfy(\.isEmpty), source.order == nil
    else { throw Fault("it mixes frames with a part of the other axes") }
    try requireBatch(source, 0)
    let shape = source.shape
    let kernel = Operation.Extent(shape.bands, shape.frames)
    emit(
      .convolution(
        .init(
          channels: matrix.shape[0], kernel: kernel, stride: .init(1, 1), padding: .init(0, 0),
          hasBias: bias != nil)),
      name, [source.node])
    // Columns stand in the order of `roles`; the kernel's are channels, bands, frames.
    let steps = zip(roles, ONNXConstant.strides(roles.map { shape[$0] }))
    func step(_ role: Role) -> Int { steps.first { $0.0 == role }?.1 ?? 0 }
    let (channelStep, bandStep, frameStep) = (step(.channels), step(.bands), step(.frames))
    let columns = matrix.shape[1]
    let values = matrix.floats
    var ordered: [Float] = []
    ordered.reserveCapacity(values.count)
    for row in 0..<matrix.shape[0] {
      for channel in 0..<shape.channels {
        for band in 0..<shape.bands {
          for frame in 0..<shape.frames {
            ordered.append(
              values[row * columns + channel * channelStep + band * bandStep + frame * frameStep])
          }
        }
      }
    }
    try store("\(name).weight", ordered)
    if let bias { try store("\(name).bias", bias) }
    var result = source
    result.node = name
    result.shape = TensorShape(batch: shape.batch, bands: 1, frames: 1, channels: matrix.shape[0])
    result.axes[last] = TensorView.full(.channels, result.shape)
    return result
  }

  mutating func layerNormalization(_ reader: NodeReader) throws {
    let name = name(reader, weight: 1)
    let pending = try settled(try view(reader, 0), name)
    let last = pending.axes.count - 1
    guard try reader.axis(try reader.integer("axis") ?? -1, of: pending.axes.count) == last else {
      throw Fault("it normalises over several axes; only channels are known")
    }
    var source = try channelled(pending, last, name)
    let count = source.shape.channels
    let scale = try weight(reader, 1)
    let shift = try constant(reader, 2)?.floats ?? [Float](repeating: 0, count: count)
    guard scale.count == count, shift.count == count else {
      throw Fault("its scale and shift do not fit \(count) channels")
    }
    emit(.layerNorm(epsilon: try reader.float("epsilon") ?? 1e-5), name, [source.node])
    try store("\(name).weight", inOrder(scale.floats, source.order))
    try store("\(name).bias", inOrder(shift, source.order))
    source.node = name
    try define(reader, source)
  }
}
