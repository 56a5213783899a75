import MtagCore

extension InterpreterOperators {
  /// Pools.
  static let windows: [String: Operation] = [
    "MaxPool": { call in
      let x = try call.floats(0)
      let plan = try WindowPlan(call, input: x.shape, kernel: call.node.integers("kernel_shape") ?? [])
      return [
        try pooled(x, plan, call, start: -.infinity) { out, value in if let value { out = max(out, value) } }
      ]
    },
    "AveragePool": { call in
      let x = try call.floats(0)
      let plan = try WindowPlan(call, input: x.shape, kernel: call.node.integers("kernel_shape") ?? [])
      let sums = try pooled(x, plan, call, start: 0) { out, value in out += value ?? 0 }
      let countsPadding = call.node.integer("count_include_pad") == 1
      var counts = [Float](repeating: 0, count: plan.outputCount)
      plan.forEach { place, _, source in if countsPadding || source != nil { counts[place] += 1 } }
      guard case .single(let values) = sums.values else { return [sums] }
      return [
        InterpreterTensor(
          sums.shape, values.indices.map { values[$0] / counts[$0 % max(1, counts.count)] })
      ]
    },
    "GlobalAveragePool": { call in
      let x = try call.floats(0)
      guard x.shape.count >= 3 else { throw call.fault("needs more than \(x.shape)") }
      let area = x.shape[2...].reduce(1, *)
      let shape = Array(x.shape[..<2]) + [Int](repeating: 1, count: x.shape.count - 2)
      return [
        try call.result(shape) { out in
          for index in 0..<(x.shape[0] * x.shape[1]) {
            var sum = 0.0
            for place in 0..<area { sum += Double(x.values[index * area + place]) }
            out[index] = Float(sum / Double(area))
          }
        }
      ]
    },
  ]

  // MARK: - Helpers

  private static func pooled(
    _ x: (shape: [Int], values: [Float]), _ plan: WindowPlan, _ call: InterpreterCall, start: Float,
    _ take: (inout Float, Float?) -> Void
  ) throws -> InterpreterTensor {
    try call.result(Array(x.shape[..<2]) + plan.output) { out in
      for channel in 0..<(x.shape[0] * x.shape[1]) {
        let target = out + channel * plan.outputCount
        target.update(repeating: start, count: plan.outputCount)
        let plane = channel * plan.inputCount
        plan.forEach { place, _, source in take(&target[place], source.map { x.values[plane + $0] }) }
      }
    }
  }
}
