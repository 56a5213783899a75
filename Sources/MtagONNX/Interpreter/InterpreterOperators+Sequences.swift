import Foundation
import MtagCore

extension InterpreterOperators {
  /// Recurrent networks.
  static let sequences: [String: Operation] = [
    "RNN": { call in
      guard call.node.attribute("activations") == .texts(["Affine"]) else {
        throw call.fault("has an activation that the interpreter does not know")
      }
      return [
        try RecurrentRun(call, gates: 1).run { gates, state, _ in state[0] = gates.input[0] + gates.state[0] }
      ]
    },
    "GRU": { call in
      guard call.node.integer("linear_before_reset") == 1 else {
        throw call.fault("resets before its product; the interpreter knows the other order")
      }
      return [
        try RecurrentRun(call, gates: 3).run { gates, state, hidden in
          // ONNX's order: update, reset, new.
          for unit in 0..<hidden {
            let update = sigmoid(gates.input[unit] + gates.state[unit])
            let reset = sigmoid(gates.input[hidden + unit] + gates.state[hidden + unit])
            let new = tanhf(gates.input[2 * hidden + unit] + reset * gates.state[2 * hidden + unit])
            state[unit] = (1 - update) * new + update * state[unit]
          }
        }
      ]
    },
    "LSTM": { call in
      [
        try RecurrentRun(call, gates: 4).run { gates, state, hidden in
          // ONNX's order: input, output, forget, cell. The cell's state stands behind the output's.
          for unit in 0..<hidden {
            func gate(_ index: Int) -> Float {
              gates.input[index * hidden + unit] + gates.state[index * hidden + unit]
            }
            let cell = sigmoid(gate(2)) * state[hidden + unit] + sigmoid(gate(0)) * tanhf(gate(3))
            state[hidden + unit] = cell
            state[unit] = sigmoid(gate(1)) * tanhf(cell)
          }
        }
      ]
    },
  ]
}
