import MtagGraph

/// GRU and LSTM.
extension ONNXTranslator {
  /// ONNX: `X [frames, batch, inputs]`, weights `[directions, gates · hidden, …]` with the gates z, r, h and i, o, f, c.
  mutating func recurrent(_ reader: NodeReader) throws {
    let name = name(reader)
    let kind: Operation.Recurrent.Kind = reader.node.type == "GRU" ? .gru : .lstm
    try requirePlain(reader, kind)
    let source = try channelled(try settled(try view(reader, 0), name), 2, name)
    try requireBatch(source, 1)
    guard source.axes[0] == TensorView.full(.frames, source.shape), source.shape.bands == 1 else {
      throw Fault(
        "the first axis of its input is not frames (is the input laid out as batch, channels, bands, frames?)"
      )
    }
    let (input, state) = (try weight(reader, 1), try weight(reader, 2))
    guard input.shape.count == 3, state.shape.count == 3 else {
      throw Fault("its weights have no three axes")
    }
    let (directions, hidden, width) = (input.shape[0], state.shape[2], input.shape[2])
    let gates = kind.gates
    let biases =
      try constant(reader, 3)?.floats ?? [Float](repeating: 0, count: directions * 2 * gates * hidden)
    guard state.count == directions * gates * hidden * hidden,
      input.count == directions * gates * hidden * width,
      biases.count == directions * 2 * gates * hidden, width == source.shape.channels
    else { throw Fault("its weights do not fit each other") }
    emit(.recurrent(.init(kind, hidden: hidden, isBidirectional: directions == 2)), name, [source.node])
    for (direction, suffix) in ["", "_reverse"].prefix(directions).enumerated() {
      func part(_ values: [Float], _ columns: Int, _ offset: Int = 0, rows: Int? = nil) -> [Float] {
        let size = (rows ?? gates * hidden) * columns
        return GateOrder.fromONNX(
          Array(values[(direction * size + offset)...].prefix(gates * hidden * columns)), kind,
          size: hidden * columns)
      }
      let rows = gates * hidden
      try store(
        "\(name).weight_ih_l0\(suffix)",
        columnsInOrder(part(input.floats, width), columns: width, source.order))
      try store("\(name).weight_hh_l0\(suffix)", part(state.floats, hidden))
      try store("\(name).bias_ih_l0\(suffix)", part(biases, 1, 0, rows: 2 * rows))
      try store("\(name).bias_hh_l0\(suffix)", part(biases, 1, rows, rows: 2 * rows))
    }
    try defineOutputs(reader, name, source, hidden: hidden, directions: directions)
  }

  /// All frames `[frames, directions, batch, hidden]`, and the last state of a layer of one direction.
  private mutating func defineOutputs(
    _ reader: NodeReader, _ name: String, _ source: TensorView, hidden: Int, directions: Int
  ) throws {
    var shape = source.shape
    shape.channels = hidden * directions
    var all = view(name, shape, [.frames, nil, .batch, .channels])
    if directions == 2 {
      all.axes[1] = [AxisFactor(role: .channels, size: 2, stride: hidden)]
      all.axes[3] = hidden == 1 ? [] : [AxisFactor(role: .channels, size: hidden, stride: 1)]
    }
    try define(reader, all)
    guard reader.node.outputs.count > 1, !reader.node.outputs[1].isEmpty,
      readers[reader.node.outputs[1]] != nil
    else {
      return
    }
    guard directions == 1 else {
      throw Fault("the last states of both directions are read; only those of one are known")
    }
    let last = unique("\(name).last")
    emit(.select(frame: -1), last, [name])
    shape.frames = 1
    try define(reader, view(last, shape, [nil, .batch, .channels]), output: 1)
  }

  /// Refuses what our layers do not do.
  private func requirePlain(_ reader: NodeReader, _ kind: Operation.Recurrent.Kind) throws {
    guard try reader.integer("layout") ?? 0 == 0 else { throw Fault("layout 1 (batch first)") }
    let direction = try reader.text("direction") ?? "forward"
    guard direction == "forward" || direction == "bidirectional" else {
      throw Fault("direction '\(direction)'")
    }
    if kind == .gru, try reader.integer("linear_before_reset") ?? 0 != 1 {
      throw Fault("a GRU that resets before the matrix product (linear_before_reset 0)")
    }
    if try reader.integer("input_forget") ?? 0 != 0 { throw Fault("coupled gates (input_forget)") }
    if reader.node.attributes["clip"] != nil { throw Fault("limits inside the cell (clip)") }
    if case .texts(let functions)? = reader.node.attributes["activations"] {
      let usual = kind == .gru ? ["sigmoid", "tanh"] : ["sigmoid", "tanh", "tanh"]
      let count = direction == "bidirectional" ? 2 : 1
      guard functions.map({ $0.lowercased() }) == (0..<count).flatMap({ _ in usual }) else {
        throw Fault("activations \(functions)")
      }
    }
    if reader.node.inputs.indices.contains(4), !reader.node.inputs[4].isEmpty {
      throw Fault("lengths for each item (sequence_lens)")
    }
    for index in 5..<max(5, reader.node.inputs.count) where !reader.node.inputs[index].isEmpty {
      guard try weight(reader, index).floats.allSatisfy({ $0 == 0 }) else {
        throw Fault("input \(index) (a first state or a peephole) that is not zero")
      }
    }
  }
}
