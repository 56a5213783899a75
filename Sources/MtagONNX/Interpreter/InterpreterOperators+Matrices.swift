import MtagCore

extension InterpreterOperators {
  /// Matrix products and convolutions.
  static let matrices: [String: Operation] = [
    "MatMul": { [try product($0)] },
    "Gemm": { call in
      let (x, weight) = (try call.floats(0), try call.floats(1))
      guard x.shape.count == 2, weight.shape.count == 2, call.node.integer("transA") ?? 0 == 0,
        call.node.float("alpha") ?? 1 == 1, call.node.float("beta") ?? 1 == 1
      else { throw call.fault("has a form that the interpreter does not know") }
      let isTransposed = call.node.integer("transB") == 1
      let (depth, columns) =
        isTransposed ? (weight.shape[1], weight.shape[0]) : (weight.shape[0], weight.shape[1])
      guard depth == x.shape[1] else { throw call.fault("cannot multiply \(x.shape) and \(weight.shape)") }
      let bias = call.optional(2) == nil ? nil : try call.floats(2)
      let biasWalk = try bias.map { try Broadcast([[x.shape[0], columns], $0.shape], call) }
      let right = isTransposed ? transposed(weight.values, rows: columns, columns: depth) : weight.values
      return [
        try call.result([x.shape[0], columns]) { out in
          multiply(x.values, 0, right, 0, out, rows: x.shape[0], depth: depth, columns: columns)
          if let bias, let biasWalk { biasWalk.forEach { out[$0] += bias.values[$1[1]] } }
        }
      ]
    },
    "Conv": { [try convolution($0)] },
  ]

  /// `[rows, columns]` → `[columns, rows]`
  static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for row in 0..<rows {
      for column in 0..<columns { result[column * rows + row] = values[row * columns + column] }
    }
    return result
  }

  /// out += a[from …] · b[from …]
  static func multiply(
    _ a: [Float], _ aStart: Int, _ b: [Float], _ bStart: Int, _ out: UnsafeMutablePointer<Float>, rows: Int,
    depth: Int, columns: Int
  ) {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress else { return }
        MatrixLoops.addProduct(
          a + aStart, b + bStart, into: out, rows: rows, depth: depth, columns: columns)
      }
    }
  }

  // MARK: - Helpers

  /// Matrices in the last two axes, broadcast over the others.
  private static func product(_ call: InterpreterCall) throws -> InterpreterTensor {
    let (a, b) = (try call.floats(0), try call.floats(1))
    guard a.shape.count >= 2, b.shape.count >= 2, a.shape[a.shape.count - 1] == b.shape[b.shape.count - 2]
    else { throw call.fault("cannot multiply \(a.shape) and \(b.shape)") }
    let (rows, depth, columns) = (
      a.shape[a.shape.count - 2], a.shape[a.shape.count - 1], b.shape[b.shape.count - 1]
    )
    let walk = try Broadcast([Array(a.shape.dropLast(2)), Array(b.shape.dropLast(2))], call)
    return try call.result(walk.shape + [rows, columns]) { out in
      walk.forEach { index, places in
        multiply(
          a.values, places[0] * rows * depth, b.values, places[1] * depth * columns,
          out + index * rows * columns, rows: rows, depth: depth, columns: columns)
      }
    }
  }

  /// One or two axes behind batch and channels: patches side by side, times the filters.
  private static func convolution(_ call: InterpreterCall) throws -> InterpreterTensor {
    let (x, weight) = (try call.floats(0), try call.floats(1))
    let bias = call.optional(2) == nil ? nil : try call.floats(2).values
    let windows = try WindowPlan(call, input: x.shape, kernel: Array(weight.shape.dropFirst(2)))
    let groups = call.node.integer("group") ?? 1
    let (channels, filters) = (x.shape[1], weight.shape[0])
    guard groups >= 1, filters.isMultiple(of: groups), weight.shape.count == x.shape.count,
      weight.shape[1] * groups == channels, bias == nil || bias?.count == filters
    else { throw call.fault("cannot convolve \(x.shape) with \(weight.shape) in \(groups) groups") }
    let (groupChannels, groupFilters) = (channels / groups, filters / groups)
    let (area, taps) = (windows.outputCount, windows.kernelCount)
    let depth = groupChannels * taps
    _ = try InterpreterTensor.count(of: [depth, area], node: call.node)
    var patches = [Float](repeating: 0, count: depth * area)
    return try call.result([x.shape[0], filters] + windows.output) { out in
      for item in 0..<x.shape[0] {
        for group in 0..<groups {
          for channel in 0..<groupChannels {
            let plane = (item * channels + group * groupChannels + channel) * windows.inputCount
            windows.forEach { place, tap, source in
              patches[(channel * taps + tap) * area + place] = source.map { x.values[plane + $0] } ?? 0
            }
          }
          let target = out + (item * filters + group * groupFilters) * area
          if let bias {
            for filter in 0..<groupFilters {
              (target + filter * area).update(repeating: bias[group * groupFilters + filter], count: area)
            }
          }
          multiply(
            weight.values, group * groupFilters * depth, patches, 0, target, rows: groupFilters, depth: depth,
            columns: area)
        }
      }
    }
  }
}
