import Foundation
import MtagCore

extension InterpreterOperators {
  /// Functions of each value, and of pairs of values that are broadcast to a common shape.
  static let pointwise: [String: Operation] = [
    "Add": { try arithmetic($0, +, &+) },
    "Sub": { try arithmetic($0, -, &-) },
    "Mul": { try arithmetic($0, *, &*) },
    "Div": { call in
      try arithmetic(call, /) { $1 == 0 ? 0 : $0.dividedReportingOverflow(by: $1).partialValue }
    },
    "Pow": { try arithmetic($0, powf) { _, _ in 0 } },
    "Max": { call in try several(call) { $0 < $1 ? $1 : $0 } },
    "Min": { call in try several(call) { $1 < $0 ? $1 : $0 } },
    "Less": { call in
      let (a, b) = (try call.floats(0), try call.floats(1))
      let walk = try Broadcast([a.shape, b.shape], call)
      var flags = [Bool](repeating: false, count: walk.count)
      walk.forEach { out, places in flags[out] = a.values[places[0]] < b.values[places[1]] }
      return [InterpreterTensor(shape: walk.shape, values: .flags(flags))]
    },
    "Where": { call in
      let (condition, a, b) = (try call.tensor(0), try call.floats(1), try call.floats(2))
      guard case .flags(let flags) = condition.values else { throw call.fault("takes truth values first") }
      let walk = try Broadcast([condition.shape, a.shape, b.shape], call)
      return [
        try call.result(walk.shape) { out in
          walk.forEach { out[$0] = flags[$1[0]] ? a.values[$1[1]] : b.values[$1[2]] }
        }
      ]
    },
    "Log": { try unary($0) { logf($0) } },
    "Exp": { try unary($0) { expf($0) } },
    "Sqrt": { try unary($0) { $0.squareRoot() } },
    "Erf": { try unary($0) { erff($0) } },
    "Abs": { try unary($0) { $0.magnitude } },
    "Neg": { try unary($0) { -$0 } },
    "Relu": { try unary($0) { $0 < 0 ? 0 : $0 } },
    "Tanh": { try unary($0) { tanhf($0) } },
    "Sigmoid": { try unary($0) { sigmoid($0) } },
    "Identity": { [try $0.tensor(0)] },
    "Elu": { call in
      let alpha = call.node.float("alpha") ?? 1
      return try unary(call) { $0 < 0 ? alpha * expm1f($0) : $0 }
    },
    "Gelu": { try unary($0) { $0 * 0.5 * (1 + erff($0 * Float(0.5).squareRoot())) } },
    "HardSigmoid": { call in
      let (alpha, beta) = (call.node.float("alpha") ?? 0.2, call.node.float("beta") ?? 0.5)
      return try unary(call) { max(0, min(1, alpha * $0 + beta)) }
    },
    "HardSwish": { try unary($0) { $0 * max(0, min(1, $0 / 6 + 0.5)) } },
    "Clip": { call in
      let low = call.optional(1) == nil ? -Float.infinity : try call.floats(1).values.first ?? 0
      let high = call.optional(2) == nil ? Float.infinity : try call.floats(2).values.first ?? 0
      return try unary(call) { max(low, min(high, $0)) }
    },
    "Cast": { [try cast($0)] },
  ]

  /// 1 / (1 + exp(−x))
  static func sigmoid(_ x: Float) -> Float { 1 / (1 + expf(-x)) }

  // MARK: - Helpers

  private static func unary(_ call: InterpreterCall, _ function: (Float) -> Float) throws
    -> [InterpreterTensor]
  {
    let input = try call.floats(0)
    return [InterpreterTensor(shape: input.shape, values: .single(input.values.map(function)))]
  }

  /// A function of two values, both of floats or both of whole numbers.
  private static func arithmetic(
    _ call: InterpreterCall, _ floats: (Float, Float) -> Float, _ integers: (Int, Int) -> Int
  ) throws -> [InterpreterTensor] {
    let (a, b) = (try call.tensor(0), try call.tensor(1))
    let walk = try Broadcast([a.shape, b.shape], call)
    switch (a.values, b.values) {
    case (.single(let left), .single(let right)):
      return [
        try call.result(walk.shape) { out in
          if a.shape == b.shape {
            for index in left.indices { out[index] = floats(left[index], right[index]) }
          } else {
            walk.forEach { out[$0] = floats(left[$1[0]], right[$1[1]]) }
          }
        }
      ]
    case (.integers(let left), .integers(let right)):
      var out = [Int](repeating: 0, count: walk.count)
      walk.forEach { out[$0] = integers(left[$1[0]], right[$1[1]]) }
      return [InterpreterTensor(shape: walk.shape, values: .integers(out))]
    default: throw call.fault("takes two values of one type")
    }
  }

  /// A function of two values, over any number of them.
  private static func several(_ call: InterpreterCall, _ function: (Float, Float) -> Float) throws
    -> [InterpreterTensor]
  {
    var result = try call.tensor(0)
    for index in call.inputs.indices.dropFirst() {
      let pair = InterpreterCall(node: call.node, inputs: [result, try call.tensor(index)])
      result = try arithmetic(pair, function) { a, _ in a }[0]
    }
    return [result]
  }

  /// To the type that `to` numbers, as `TensorProto.DataType` does.
  private static func cast(_ call: InterpreterCall) throws -> InterpreterTensor {
    let input = try call.tensor(0)
    let values: InterpreterTensor.Values? =
      switch (input.values, call.node.integer("to")) {
      case (.half(let values), 1): .single(values.map { HalfFloat.single($0) })
      case (.double(let values), 1): .single(values.map { Float($0) })
      case (.integers(let values), 1): .single(values.map { Float($0) })
      case (.single, 1): input.values
      case (.single(let values), 11): .double(values.map { Double($0) })
      default: nil
      }
    guard let values else { throw call.fault("casts between types that the interpreter does not know") }
    return InterpreterTensor(shape: input.shape, values: values)
  }
}
