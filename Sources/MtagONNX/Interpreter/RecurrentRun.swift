import MtagCore

/// A recurrent operator: `[frames, batch, inputs]` → `[frames, directions, batch, hidden]`.
struct RecurrentRun {
  /// What reaches a cell's gates at one frame, biases included: from its input and from its state before.
  struct Gates {
    var input: [Float]
    var state: [Float]
  }

  private let call: InterpreterCall
  private let gates: Int
  private let directions: Int
  private let hidden: Int
  private let x: (shape: [Int], values: [Float])
  private let weights: [Float]
  private let stateWeights: [Float]
  private let biases: [Float]?
  private let start: [Float]?

  /// - Throws: `MtagError` (badData) if the node's tensors do not fit each other.
  init(_ call: InterpreterCall, gates: Int) throws {
    let node = call.node
    let x = try call.floats(0)
    let directions = node.text("direction") == "bidirectional" ? 2 : 1
    let (weights, stateWeights) = (try call.floats(1), try call.floats(2))
    let biases = call.optional(3) == nil ? nil : try call.floats(3).values
    let start = call.optional(5) == nil ? nil : try call.floats(5).values
    guard let hidden = node.integer("hidden_size"), hidden > 0, x.shape.count == 3,
      ["forward", "bidirectional"].contains(node.text("direction") ?? "forward"),
      node.integer("layout") ?? 0 == 0, call.optional(4) == nil,
      weights.shape == [directions, gates * hidden, x.shape[2]],
      stateWeights.shape == [directions, gates * hidden, hidden],
      biases?.count ?? 2 * directions * gates * hidden == 2 * directions * gates * hidden,
      start?.count ?? directions * x.shape[1] * hidden == directions * x.shape[1] * hidden
    else { throw call.fault("has a form that the interpreter does not know") }
    self.call = call
    self.gates = gates
    self.directions = directions
    self.hidden = hidden
    self.x = x
    self.weights = weights.values
    self.stateWeights = stateWeights.values
    self.biases = biases
    self.start = start
  }

  /// Runs all frames; `step` turns a cell's state (twice `hidden`: the output, and room for more) into the next.
  func run(_ step: (Gates, inout [Float], Int) -> Void) throws -> InterpreterTensor {
    let (frames, batch) = (x.shape[0], x.shape[1])
    return try call.result([frames, directions, batch, hidden]) { out in
      for direction in 0..<directions {
        for item in 0..<batch {
          var state = [Float](repeating: 0, count: 2 * hidden)
          if let start {
            for unit in 0..<hidden { state[unit] = start[(direction * batch + item) * hidden + unit] }
          }
          for index in 0..<frames {
            let frame = direction == 0 ? index : frames - 1 - index
            step(gates(direction: direction, row: frame * batch + item, state), &state, hidden)
            let target = out + ((frame * directions + direction) * batch + item) * hidden
            for unit in 0..<hidden { target[unit] = state[unit] }
          }
        }
      }
    }
  }

  private func gates(direction: Int, row: Int, _ state: [Float]) -> Gates {
    let (rows, width) = (gates * hidden, x.shape[2])
    var result = Gates(
      input: [Float](repeating: 0, count: rows), state: [Float](repeating: 0, count: rows))
    for gate in 0..<rows {
      var sum: Float = 0
      let place = (direction * rows + gate) * width
      for index in 0..<width { sum += weights[place + index] * x.values[row * width + index] }
      var stateSum: Float = 0
      let statePlace = (direction * rows + gate) * hidden
      for index in 0..<hidden { stateSum += stateWeights[statePlace + index] * state[index] }
      result.input[gate] = sum + (biases?[direction * 2 * rows + gate] ?? 0)
      result.state[gate] = stateSum + (biases?[direction * 2 * rows + rows + gate] ?? 0)
    }
    return result
  }
}
