import Foundation
import MtagCore
import MtagGraph

extension NaiveSequence {
  /// GRU and LSTM, cell by cell; weights in the order weight_ih, weight_hh, bias_ih, bias_hh, by layer and direction.
  static func recurrent(_ input: TensorShape, _ attributes: MtagGraph.Operation.Recurrent) -> NaiveSequence {
    let (hidden, rows) = (attributes.hidden, attributes.kind.gates * attributes.hidden)
    let counts = (0..<attributes.layers).flatMap { layer in
      (0..<attributes.directions).flatMap { _ in
        [rows * (layer == 0 ? input.channels : attributes.directions * hidden), rows * hidden, rows, rows]
      }
    }
    return NaiveSequence(operation: .recurrent(attributes), input: input, weightCounts: counts) {
      x, weights in
      let size = input.frames * input.channels
      return (0..<input.batch).flatMap { item -> [Double] in
        var sequence = (0..<input.frames).map { frame in
          Array(x[(item * size + frame * input.channels)..<(item * size + (frame + 1) * input.channels)])
        }
        for layer in 0..<attributes.layers {
          var outputs = [[Double]](repeating: [], count: input.frames)
          for direction in 0..<attributes.directions {
            let first = (layer * attributes.directions + direction) * 4
            let cell = NaiveCell(
              kind: attributes.kind, hidden: hidden, weights: Array(weights[first..<(first + 4)]))
            let order = direction == 0 ? Array(sequence.indices) : sequence.indices.reversed()
            var state = [Double](repeating: 0, count: hidden)
            var memory = state
            for frame in order {
              cell.step(sequence[frame], &state, &memory)
              outputs[frame] += state
            }
          }
          sequence = outputs
        }
        return sequence.flatMap { $0 }
      }
    }
  }
}

/// One frame of one cell, as PyTorch's documentation of `nn.GRU` and `nn.LSTM` has it.
private struct NaiveCell {
  let kind: MtagGraph.Operation.Recurrent.Kind
  let hidden: Int
  let weights: [[Double]]

  func step(_ x: [Double], _ h: inout [Double], _ c: inout [Double]) {
    let old = h
    func share(_ gate: Int, _ i: Int, _ part: Int, _ vector: [Double]) -> Double {
      let row = gate * hidden + i
      return vector.indices.reduce(weights[2 + part][row]) {
        $0 + weights[part][row * vector.count + $1] * vector[$1]
      }
    }
    func both(_ gate: Int, _ i: Int) -> Double { share(gate, i, 0, x) + share(gate, i, 1, old) }
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
    for i in 0..<hidden {
      switch kind {
      case .gru:
        let (r, z) = (sigmoid(both(0, i)), sigmoid(both(1, i)))
        let n = tanh(share(2, i, 0, x) + r * share(2, i, 1, old))
        h[i] = (1 - z) * n + z * old[i]
      case .lstm:
        let (input, forget) = (sigmoid(both(0, i)), sigmoid(both(1, i)))
        c[i] = forget * c[i] + input * tanh(both(2, i))
        h[i] = sigmoid(both(3, i)) * tanh(c[i])
      }
    }
  }
}
