import MtagGraph

/// Small networks around the operators that are not in every network.
extension GradientTests {
  static let operatorCases = [
    Case(testDescription: "squeeze and excitation", bands: 5, frames: 6, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 5, kernel: 3)
      return graph.squeezeExcitation(x, "b", channels: 5, hidden: 3)
    },
    Case(testDescription: "hard squeeze and excitation after SiLU", bands: 5, frames: 6, channels: 2) {
      graph in
      let x = graph.activation(graph.convolution(graph.input, "a", channels: 18, kernel: 3), "silu", .silu)
      return graph.squeezeExcitation(x, "b", channels: 18, hidden: 4, gate: .hardSigmoid)
    },
    Case(testDescription: "attention over frames", bands: 4, frames: 9, channels: 2) { graph in
      let x = graph.reduce(
        graph.convolution(graph.input, "a", channels: 5, kernel: 3), "mean", .mean, over: .bands)
      return graph.attentionPool(x, "b")
    },
    Case(testDescription: "mean and maximum over time", bands: 4, frames: 9, channels: 2) { graph in
      let x = graph.reduce(
        graph.convolution(graph.input, "a", channels: 5, kernel: 3), "mean", .mean, over: .bands)
      return graph.add(
        "sum", graph.reduce(x, "mean2", .mean, over: .frames), graph.reduce(x, "max", .max, over: .frames))
    },
    Case(testDescription: "dense frames", bands: 1, frames: 9, channels: 3) { graph in
      let a = graph.activation(
        graph.convolution(graph.input, "a", channels: 5, kernel: .init(1, 3)), "b", .elu)
      let b = graph.activation(graph.convolution(a, "c", channels: 18, kernel: .init(1, 3)), "d", .gelu)
      let all = graph.concatenate("e", [graph.input, a, b], along: .channels)
      return graph.append("f", .select(frame: -2), graph.activation(all, "g", .tanh))
    },
    Case(
      testDescription: "norm per band, average pools, bands into channels", bands: 8, frames: 9, channels: 1
    ) {
      graph in
      var x = graph.append("bn", .batchNorm(.init(axis: .bands)), graph.input)
      x = graph.convolution(x, "a", channels: 5, kernel: 3, bias: false)
      x = graph.averagePool(graph.relu(graph.batchNorm(x, "b"), "c"), "d", kernel: .init(2, 2))
      x = graph.averagePool(x, "e", kernel: .init(3, 3), stride: .init(1, 2), padding: .init(1, 1))
      return graph.append("f", .flatten(.bandsIntoChannels), x)
    },
    Case(testDescription: "norm per band within", bands: 5, frames: 6, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      let y = graph.append("bn", .batchNorm(.init(axis: .bands)), x)
      return graph.activation(graph.add("b", x, y), "c", .hardSwish)
    },
    Case(
      testDescription: "padding at the end, norms without scale, ReLU6", bands: 12, frames: 26, channels: 1
    ) {
      graph in
      var x = graph.convolution(
        graph.input, "a", channels: 6, kernel: .init(3, 3), stride: .init(2, 2), padding: .init(0, 0),
        extraPadding: .init(1, 1), bias: false)
      x = graph.append("b", .batchNorm(.init(epsilon: 1e-4, hasScale: false)), x)
      x = graph.convolution(
        graph.activation(x, "c", .relu6), "d", channels: 6, kernel: .init(3, 3), stride: .init(2, 2),
        padding: .init(0, 0), extraPadding: .init(1, 1), groups: 6, bias: false)
      x = graph.activation(graph.append("e", .batchNorm(.init(hasScale: false)), x), "f", .sigmoid)
      return graph.convolution(x, "g", channels: 7, kernel: 1)
    },
    Case(testDescription: "softmaxes and levels", bands: 4, frames: 5, channels: 2) { graph in
      var x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      x = graph.append("b", .softmax(axis: .bands), x)
      x = graph.append("c", .decibel(floor: 0.2), x)
      return graph.append("d", .softmax(axis: .channels), x)
    },
    Case(testDescription: "pools that overlap", bands: 7, frames: 9, channels: 2) { graph in
      var x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      x = graph.maxPool(x, "b", kernel: .init(4, 1), stride: .init(2, 2), padding: .init(1, 0))
      let y = graph.append("c", .adaptivePool(.init(function: .max, output: .init(2, 4))), x)
      let z = graph.append("d", .adaptivePool(.init(function: .mean, output: .init(2, 4))), x)
      return graph.append("f", .flatten(.bandsIntoFrames), graph.concatenate("e", [y, z], along: .frames))
    },
  ]
}
