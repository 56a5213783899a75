import Foundation
import MtagCore

extension InterpreterOperators {
  /// Operators that look at several values to scale each.
  static let normalizations: [String: Operation] = [
    "BatchNormalization": { call in
      let x = try call.floats(0)
      let parameters = try (1...4).map { try call.floats($0).values }
      guard x.shape.count >= 2, parameters.allSatisfy({ $0.count == x.shape[1] }) else {
        throw call.fault("has not one number for each channel of \(x.shape)")
      }
      let epsilon = Double(call.node.float("epsilon") ?? 1e-5)
      let (channels, area) = (x.shape[1], x.shape[2...].reduce(1, *))
      return [
        try call.result(x.shape) { out in
          for row in 0..<(x.shape[0] * channels) {
            let channel = row % channels
            let scale =
              Double(parameters[0][channel]) / (Double(parameters[3][channel]) + epsilon).squareRoot()
            let shift = Double(parameters[1][channel]) - Double(parameters[2][channel]) * scale
            for place in row * area..<(row + 1) * area {
              out[place] = Float(Double(x.values[place]) * scale + shift)
            }
          }
        }
      ]
    },
    "LayerNormalization": { call in
      let (x, scale) = (try call.floats(0), try call.floats(1).values)
      let bias = call.optional(2) == nil ? nil : try call.floats(2).values
      let axis = try call.axis(call.node.integer("axis") ?? -1, rank: x.shape.count)
      let size = x.shape[axis...].reduce(1, *)
      guard size > 0, scale.count == size, bias?.count ?? size == size else {
        throw call.fault("has not one number for each value of \(x.shape[axis...])")
      }
      let epsilon = Double(call.node.float("epsilon") ?? 1e-5)
      return [
        try call.result(x.shape) { out in
          for start in stride(from: 0, to: x.values.count, by: size) {
            let row = x.values[start..<start + size].map(Double.init)
            let mean = row.reduce(0, +) / Double(size)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(size)
            let inverse = 1 / (variance + epsilon).squareRoot()
            for index in 0..<size {
              out[start + index] = Float(
                (row[index] - mean) * inverse * Double(scale[index]) + Double(bias?[index] ?? 0))
            }
          }
        }
      ]
    },
    "Softmax": { call in
      let x = try call.floats(0)
      let axis = try call.axis(call.node.integer("axis") ?? -1, rank: x.shape.count)
      let (size, step) = (x.shape[axis], x.shape[(axis + 1)...].reduce(1, *))
      return [
        try call.result(x.shape) { out in
          for outer in 0..<x.shape[..<axis].reduce(1, *) {
            for inner in 0..<step {
              let start = outer * size * step + inner
              let places = (0..<size).map { start + $0 * step }
              let largest = places.reduce(-Float.infinity) { max($0, x.values[$1]) }
              let powers = places.map { exp(Double(x.values[$0] - largest)) }
              let sum = powers.reduce(0, +)
              for (place, power) in zip(places, powers) { out[place] = Float(power / sum) }
            }
          }
        }
      ]
    },
  ]
}
