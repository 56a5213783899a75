import MtagGraph

extension NetworkWriter {
  /// Recurrent layers. ONNX has frames first and its gates in another order than PyTorch: z, r, h for r, z, n, and i, o, f, c for
  /// i, f, g, o.
  mutating func recurrent(
    _ name: String, _ source: String, _ attributes: Operation.Recurrent, _ extents: Extents
  ) {
    var width = self.extents(source).channels
    var x = builder.transpose(value(source, .sequence), "\(name).frames-first", [1, 0, 2])
    for layer in 0..<attributes.layers {
      let tensors = recurrentTensors(name, attributes, layer: layer, width: width)
      let prefix = "\(name).layer\(layer)"
      let direction = ProgramNode.Value.text(attributes.isBidirectional ? "bidirectional" : "forward")
      let hidden = ProgramNode.Value.integer(attributes.hidden)
      let states =
        attributes.kind == .gru
        ? builder.add(
          "GRU", "\(prefix).states", [x] + tensors,
          ["direction": direction, "hidden_size": hidden, "linear_before_reset": .integer(1)])
        : builder.add(
          "LSTM", "\(prefix).states", [x] + tensors, ["direction": direction, "hidden_size": hidden])
      // [frames, directions, batch, hidden]
      width = attributes.hidden * attributes.directions
      if attributes.isBidirectional {
        let turned = builder.transpose(states, "\(prefix).directions-last", [0, 2, 1, 3])
        x = builder.reshape(turned, "\(prefix).joined", [0, 0, width])
      } else {
        x = builder.squeeze(states, "\(prefix).joined", axes: [1])
      }
    }
    builder.addReserved("Transpose", name, [x], to: output(name), ["perm": .integers([1, 0, 2])])
    define(name, output(name), .sequence, extents)
  }

  /// Scaled dot-product attention of queries, keys and values that stand behind each other in the channels, each of them head by
  /// head.
  mutating func attention(_ name: String, _ source: String, heads: Int, _ extents: Extents) {
    let width = extents.channels / heads
    let stacked = builder.reshape(
      value(source, .sequence), "\(name).stacked", [0, -1, 3, heads, width])
    // [3, batch, heads, frames, width]
    let turned = builder.transpose(stacked, "\(name).turned", [2, 0, 3, 1, 4])
    let parts = builder.add(
      "Split", "\(name).parts", [turned, builder.integers([1, 1, 1])], outputs: 3, ["axis": .integer(0)])
    let names = ["queries", "keys", "values"]
    let (queries, keys, values) = (
      builder.squeeze(parts[0], "\(name).\(names[0])", axes: [0]),
      builder.squeeze(parts[1], "\(name).\(names[1])", axes: [0]),
      builder.squeeze(parts[2], "\(name).\(names[2])", axes: [0])
    )
    let scaled = builder.scaled(queries, by: 1 / Float(width).squareRoot(), "\(name).scaled")
    let across = builder.transpose(keys, "\(name).keys-across", [0, 1, 3, 2])
    let similarities = builder.add("MatMul", "\(name).similarities", [scaled, across])
    let shares = builder.add("Softmax", "\(name).shares", [similarities], ["axis": .integer(-1)])
    let mixed = builder.add("MatMul", "\(name).mixed", [shares, values])
    let frames = builder.transpose(mixed, "\(name).frames", [0, 2, 1, 3])
    builder.addReserved(
      "Reshape", name, [frames, builder.integers([0, -1, extents.channels])], to: output(name))
    define(name, output(name), .sequence, extents)
  }

  /// Triangles `max(0, 1 − |2 (ν − f) Q / width|)` over a power spectrogram, computed in the graph from the learned Q.
  mutating func harmonicFilter(
    _ name: String, _ source: String, _ attributes: Operation.HarmonicFilter, _ extents: Extents
  ) {
    let bins = self.extents(source).bands
    let distances = (1...attributes.harmonics).flatMap { harmonic in
      (0..<attributes.bands).flatMap { attributes.distances(band: $0, harmonic: harmonic, bins: bins) }
    }
    let rows = attributes.harmonics * attributes.bands
    let stored = builder.store("\(name).distances", shape: [rows, bins], .single(distances[...]))
    let scaled = builder.add("Mul", "\(name).scaled", [stored, self.stored("\(name).bw_Q")])
    let sides = builder.add("Abs", "\(name).sides", [scaled])
    let slopes = builder.add("Sub", "\(name).slopes", [builder.number(1), sides])
    let filters = builder.add("Relu", "\(name).filters", [slopes])
    let spectrum = builder.squeeze(value(source, .map), "\(name).spectrum", axes: [1])
    let product = builder.add("MatMul", "\(name).product", [filters, spectrum])
    builder.addReserved(
      "Reshape", name,
      [product, builder.integers([0, attributes.harmonics, attributes.bands, -1])], to: output(name))
    define(name, output(name), .map, extents)
  }

  // MARK: - Helpers

  /// Weights of the input, weights of the state and biases of one layer, `[directions, …]`.
  private mutating func recurrentTensors(
    _ name: String, _ attributes: Operation.Recurrent, layer: Int, width: Int
  ) -> [String] {
    let (hidden, gates) = (attributes.hidden, attributes.kind.gates)
    let order = attributes.kind == .gru ? [1, 0, 2] : [0, 3, 1, 2]
    let suffixes = ["", "_reverse"].prefix(attributes.directions)
    /// One kind of tensor of a direction, gates in ONNX's order.
    func ordered(_ kind: String, _ suffix: String) -> [Float] {
      let values = weights.values("\(name).\(kind)_l\(layer)\(suffix)")
      let size = values.count / gates
      return order.flatMap { gate -> ArraySlice<Float> in
        let start = values.startIndex + gate * size
        return values[start..<(start + size)]
      }
    }
    let (input, state) = (
      suffixes.flatMap { ordered("weight_ih", $0) }, suffixes.flatMap { ordered("weight_hh", $0) }
    )
    let biases = suffixes.flatMap { ordered("bias_ih", $0) + ordered("bias_hh", $0) }
    let (directions, prefix) = (attributes.directions, "\(name).layer\(layer)")
    return [
      weights.store(
        "\(prefix).W", shape: [directions, gates * hidden, width], input[...], in: &builder),
      weights.store(
        "\(prefix).R", shape: [directions, gates * hidden, hidden], state[...], in: &builder),
      builder.store("\(prefix).B", shape: [directions, 2 * gates * hidden], .single(biases[...])),
    ]
  }
}
