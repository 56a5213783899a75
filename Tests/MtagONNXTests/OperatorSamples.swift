import MtagGraph

/// A small network for each family of operators, so that a fault is found where it is.
enum OperatorSamples {
  static let all: [(name: String, make: @Sendable () throws -> Graph)] = [
    ("activations", { try activations() }), ("softmaxes", { try softmaxes() }), ("pools", { try pools() }),
    ("adaptive-pools", { try adaptivePools() }), ("reductions", { try reductions() }),
    ("norms", { try norms() }), ("combinations", { try combinations() }),
    ("squeeze-excitation", { try squeezeExcitation() }), ("recurrent", { try recurrent() }),
    ("transformer", { try transformer() }), ("attention-pooling", { try attentionPooling() }),
    ("harmonic", { try harmonic() }), ("padded", { try padded() }), ("linear-everywhere", { try linearEverywhere() }),
  ]

  // MARK: - Networks

  private static func activations() throws -> Graph {
    var graph = GraphBuilder(name: "activations", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let values = Operation.Activation.allCases.map { graph.activation(x, "\($0.rawValue)", $0) }
    return try finished(&graph, graph.concatenate("all", values, along: .channels))
  }

  private static func softmaxes() throws -> Graph {
    var graph = GraphBuilder(name: "softmaxes", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let values = Operation.Axis.allCases.map { graph.append("\($0.rawValue)", .softmax(axis: $0), x) }
    let weighted = values.enumerated().map { graph.multiply("weighted\($0)", $1, x) }
    return try finished(&graph, graph.concatenate("all", weighted, along: .channels))
  }

  private static func pools() throws -> Graph {
    var graph = GraphBuilder(name: "pools", inputBands: 20)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let (kernel, stride) = (Operation.Extent(3, 4), Operation.Extent(2, 3))
    let values = [
      graph.maxPool(x, "max", kernel: kernel, stride: stride, padding: .init(1, 2)),
      graph.averagePool(x, "mean", kernel: kernel, stride: stride, padding: .init(1, 2)),
      graph.append(
        "inner", .averagePool(.init(kernel: kernel, stride: stride, padding: .init(1, 2), countsPadding: false)), x),
    ]
    return try finished(&graph, graph.concatenate("all", values, along: .bands))
  }

  private static func adaptivePools() throws -> Graph {
    var graph = GraphBuilder(name: "adaptive", inputBands: 20)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let mean = graph.append("mean", .adaptivePool(.init(function: .mean, output: .init(3, 4))), x)
    let largest = graph.append("max", .adaptivePool(.init(function: .max, output: .init(6, 4))), x)
    let one = graph.append("one", .adaptivePool(.init(function: .max, output: .init(20, 1))), x)
    // Twenty bands and one frame, and its mean over bands in each of four frames.
    let column = graph.reduce(one, "column", .mean, over: .bands)
    let joined = graph.concatenate("joined", [mean, largest], along: .bands)
    let both = graph.add("both", joined, column)
    return try finished(&graph, graph.convolution(both, "last", channels: 5, kernel: 1))
  }

  private static func reductions() throws -> Graph {
    var graph = GraphBuilder(name: "reductions", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let functions: [Operation.Reduction.Function] = [.mean, .max, .sum]
    var values = [x]
    for (index, function) in functions.enumerated() {
      for (place, range) in [Operation.Reduction.Range.bands, .frames, .both].enumerated() {
        let value = graph.reduce(x, "reduced\(index)\(place)", function, over: range)
        // Sums are large and would hide the others.
        values.append(graph.append("bounded\(index)\(place)", .activation(.tanh), value))
      }
    }
    return try finished(&graph, graph.append("sum", .add, values))
  }

  private static func norms() throws -> Graph {
    var graph = GraphBuilder(name: "norms", inputBands: 12)
    var x = graph.append("bands", .batchNorm(.init(axis: .bands, hasScale: false)), graph.input)
    x = graph.convolution(x, "conv", channels: 6, kernel: 3)
    x = graph.append("layer", .layerNorm(epsilon: 1e-5), x)
    x = graph.batchNorm(graph.convolution(x, "conv2", channels: 6, kernel: 3, bias: false), "norm")
    x = graph.globalAveragePool(graph.relu(x, "relu"), "pool")
    x = graph.append("vector", .layerNorm(epsilon: 1e-3), x)
    x = graph.batchNorm(graph.linear(x, "linear", features: 7), "norm2")
    return try finished(&graph, x)
  }

  private static func combinations() throws -> Graph {
    var graph = GraphBuilder(name: "combinations", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 6, kernel: 3)
    let y = graph.convolution(x, "conv2", channels: 6, kernel: 3)
    let wide = graph.convolution(x, "wide", channels: 1, kernel: 3)
    let sum = graph.add("sum", x, y, wide)
    let column = graph.reduce(sum, "column", .mean, over: .bands)
    let joined = graph.concatenate("joined", [graph.multiply("product", sum, column), column], along: .bands)
    let twice = graph.concatenate("twice", [joined, joined], along: .frames)
    return try finished(&graph, twice)
  }

  private static func squeezeExcitation() throws -> Graph {
    var graph = GraphBuilder(name: "squeeze", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 8, kernel: 3)
    var gate = graph.reduce(x, "squeeze", .mean, over: .both)
    gate = graph.relu(graph.linear(gate, "down", features: 3), "relu")
    gate = graph.activation(graph.linear(gate, "up", features: 8), "gate", .sigmoid)
    return try finished(&graph, graph.multiply("scaled", x, gate))
  }

  private static func recurrent() throws -> Graph {
    var graph = GraphBuilder(name: "recurrent", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 3, kernel: 3)
    let rows = graph.append("rows", .flatten(.bandsIntoChannels), x)
    let gru = graph.append("gru", .recurrent(.init(.gru, hidden: 5, layers: 2, isBidirectional: true)), rows)
    let lstm = graph.append("lstm", .recurrent(.init(.lstm, hidden: 6)), rows)
    let both = graph.append("both", .recurrent(.init(.lstm, hidden: 3, layers: 2, isBidirectional: true)), gru)
    let all = graph.concatenate("all", [gru, lstm, both], along: .channels)
    let last = graph.append("last", .select(frame: -1), all)
    let first = graph.append("first", .select(frame: 1), all)
    let joined = graph.concatenate("ends", [last, first], along: .frames)
    return try finished(&graph, joined)
  }

  private static func transformer() throws -> Graph {
    var graph = GraphBuilder(name: "transformer", inputBands: 12)
    var x = graph.convolution(
      graph.input, "patches", channels: 8, kernel: .init(4, 4), stride: .init(4, 2), padding: .init(0, 0))
    x = graph.append("places", .positions(.init(3, 60)), x)
    x = graph.append("frames", .flatten(.bandsIntoFrames), x)
    x = graph.append("class", .tokens(count: 2), x)
    x = graph.append("line", .positions(.init(1, 200)), x)
    var y = graph.append("norm1", .layerNorm(epsilon: 1e-6), x)
    y = graph.append("attention", .attention(heads: 2), graph.linear(y, "qkv", features: 24))
    x = graph.add("residual1", x, graph.linear(y, "projection", features: 8))
    y = graph.linear(graph.append("norm2", .layerNorm(epsilon: 1e-6), x), "up", features: 16)
    y = graph.append("down", .linear(features: 8, hasBias: false), graph.activation(y, "gelu", .gelu))
    x = graph.add("residual2", x, y)
    let first = graph.append("first", .select(frame: 0), x)
    let second = graph.append("second", .select(frame: 1), x)
    return try finished(&graph, graph.add("mean", first, second))
  }

  private static func attentionPooling() throws -> Graph {
    var graph = GraphBuilder(name: "attention-pooling", inputBands: 12)
    let x = graph.convolution(graph.input, "conv", channels: 8, kernel: 3)
    let frames = graph.reduce(x, "frames", .mean, over: .bands)
    let scores = graph.append("shares", .softmax(axis: .frames), graph.linear(frames, "attention", features: 4))
    let values = graph.activation(graph.linear(frames, "values", features: 4), "sigmoid", .sigmoid)
    let weighted = graph.multiply("weighted", scores, values)
    _ = graph.reduce(weighted, "sum", .sum, over: .frames)
    return try graph.finish()
  }

  private static func harmonic() throws -> Graph {
    var graph = GraphBuilder(name: "harmonic", inputBands: 65)
    let square = graph.multiply("power", graph.input, graph.input)
    let filters = Operation.HarmonicFilter(sampleRateHz: 8000, harmonics: 3, lowestHz: 110, bands: 16)
    let x = graph.append("filters", .harmonicFilter(filters), square)
    let levels = graph.append("levels", .decibel(floor: 1e-10), x)
    return try finished(&graph, graph.convolution(levels, "conv", channels: 6, kernel: 3))
  }

  private static func padded() throws -> Graph {
    var graph = GraphBuilder(name: "padded", inputBands: 13)
    let x = graph.append(
      "same",
      .convolution(
        .init(
          channels: 6, kernel: .init(4, 3), stride: .init(2, 2), padding: .init(1, 0), extraPadding: .init(1, 1),
          hasBias: true)), graph.input)
    return try finished(&graph, graph.relu(x, "relu"))
  }

  private static func linearEverywhere() throws -> Graph {
    var graph = GraphBuilder(name: "everywhere", inputBands: 12)
    let x = graph.linear(graph.convolution(graph.input, "conv", channels: 6, kernel: 3), "pixels", features: 5)
    let rows = graph.append("rows", .flatten(.bandsIntoChannels), graph.relu(x, "relu"))
    let logits = graph.linear(graph.relu(graph.linear(rows, "hidden", features: 9), "relu2"), "frames", features: 4)
    _ = graph.reduce(logits, "mean", .mean, over: .frames)
    return try graph.finish()
  }

  /// Ends a network with a mean over what is left, dropout and four labels.
  private static func finished(_ graph: inout GraphBuilder, _ x: GraphBuilder.Value) throws -> Graph {
    let mean = graph.globalAveragePool(x, "head.pool")
    _ = graph.linear(graph.dropout(mean, "head.dropout", rate: 0.3), "head", features: 4)
    return try graph.finish()
  }
}
