import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

/// Finite differences for every operator, alone and as the compiler fuses it.
@Suite struct GradientTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bands: Int
    let frames: Int
    let channels: Int
    let build: @Sendable (inout GraphBuilder) -> GraphBuilder.Value
  }

  static let cases = [
    Case(testDescription: "first block", bands: 6, frames: 8, channels: 1) { graph in
      let x = graph.convolution(graph.input, "a", channels: 5, kernel: 3, bias: false)
      return graph.maxPool(graph.relu(graph.batchNorm(x, "b"), "c"), "d", size: 2)
    },
    Case(testDescription: "first block, odd sizes", bands: 7, frames: 5, channels: 1) { graph in
      let x = graph.convolution(graph.input, "a", channels: 18, kernel: 3, bias: false)
      return graph.maxPool(graph.relu(graph.batchNorm(x, "b"), "c"), "d", size: 2)
    },
    Case(testDescription: "Winograd", bands: 5, frames: 7, channels: 3) { graph in
      graph.convolution(graph.input, "a", channels: 4, kernel: 3)
    },
    Case(testDescription: "Winograd after Winograd", bands: 4, frames: 6, channels: 2) { graph in
      graph.convolution(
        graph.convolution(graph.input, "a", channels: 17, kernel: 3), "b", channels: 3, kernel: 3)
    },
    Case(testDescription: "convolution, norm, ReLU, pool", bands: 7, frames: 9, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3, bias: false)
      return graph.maxPool(graph.relu(graph.batchNorm(x, "b"), "c"), "d", size: 2)
    },
    Case(testDescription: "convolution, norm, ReLU", bands: 3, frames: 5, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3, bias: false)
      return graph.relu(graph.batchNorm(x, "b"), "c")
    },
    Case(testDescription: "convolution, norm", bands: 3, frames: 5, channels: 2) { graph in
      graph.batchNorm(graph.convolution(graph.input, "a", channels: 3, kernel: 3), "b")
    },
    Case(testDescription: "5×5 convolution", bands: 6, frames: 7, channels: 1) { graph in
      graph.convolution(graph.input, "a", channels: 3, kernel: 5)
    },
    Case(testDescription: "strided convolution after another", bands: 7, frames: 8, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      return graph.convolution(x, "b", channels: 4, kernel: 3, stride: 2, padding: 1)
    },
    Case(testDescription: "dilated convolution after another", bands: 7, frames: 8, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      return graph.convolution(x, "b", channels: 4, kernel: 3, stride: 2, dilation: 2)
    },
    Case(testDescription: "grouped convolution after another", bands: 5, frames: 40, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 6, kernel: 3)
      return graph.convolution(x, "b", channels: 9, kernel: .init(2, 3), groups: 3)
    },
    Case(testDescription: "depthwise and point convolutions, norms, ReLU", bands: 6, frames: 9, channels: 2) {
      graph in
      var x = graph.convolution(graph.input, "a", channels: 5, kernel: 3)
      x = graph.convolution(x, "b", channels: 5, kernel: 5, stride: 2, groups: 5, bias: false)
      x = graph.relu(graph.batchNorm(x, "c"), "d")
      return graph.batchNorm(graph.convolution(x, "e", channels: 7, kernel: 1, bias: false), "f")
    },
    Case(testDescription: "1-D convolutions", bands: 1, frames: 120, channels: 1) { graph in
      let x = graph.convolution(graph.input, "a", channels: 6, kernel: .init(1, 3), stride: .init(1, 3))
      return graph.convolution(
        x, "b", channels: 4, kernel: .init(1, 3), stride: .init(1, 3), padding: .init(0, 0))
    },
    Case(testDescription: "tall first convolution", bands: 12, frames: 35, channels: 1) { graph in
      graph.convolution(graph.input, "a", channels: 4, kernel: .init(9, 7), padding: .init(0, 3))
    },
    Case(testDescription: "1×1 convolution and norm", bands: 3, frames: 4, channels: 2) { graph in
      graph.batchNorm(graph.convolution(graph.input, "a", channels: 3, kernel: 1), "b")
    },
    Case(testDescription: "residual block: two readers of one value", bands: 5, frames: 7, channels: 3) {
      graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      // Without ReLU, whose kinks a sum of two paths meets at every step that is long enough for single precision.
      var y = graph.batchNorm(graph.convolution(x, "c", channels: 3, kernel: 3, bias: false), "d")
      y = graph.convolution(y, "f", channels: 3, kernel: 3)
      return graph.add("g", x, y)
    },
    Case(testDescription: "a norm whose input others read", bands: 5, frames: 6, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 5)
      let y = graph.relu(graph.batchNorm(x, "b"), "c")
      let z = graph.batchNorm(x, "d")
      return graph.add("e", x, y, z, x)
    },
    Case(testDescription: "norms of the input, which others read", bands: 5, frames: 6, channels: 3) {
      graph in
      graph.add(
        "c", graph.batchNorm(graph.input, "a"), graph.input,
        graph.relu(graph.batchNorm(graph.input, "b"), "d"))
    },
    Case(testDescription: "ReLU and 3×3 pool", bands: 7, frames: 9, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      return graph.maxPool(graph.relu(x, "b"), "c", size: 3)
    },
    Case(testDescription: "ReLU before norm", bands: 5, frames: 6, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      return graph.batchNorm(graph.relu(x, "b"), "c")
    },
    Case(testDescription: "pool before norm", bands: 7, frames: 9, channels: 2) { graph in
      let x = graph.convolution(graph.input, "a", channels: 3, kernel: 3)
      return graph.batchNorm(graph.maxPool(x, "b", size: 3), "c")
    },
    Case(testDescription: "dropout", bands: 3, frames: 4, channels: 2) { graph in
      graph.dropout(graph.convolution(graph.input, "a", channels: 3, kernel: 1), "b", rate: 0.4)
    },
  ]

  @Test("backward is the slope of forward", arguments: cases + operatorCases, Kernels.available)
  func slopes(_ test: Case, level: String) throws {
    for loss in [LossFunction.crossEntropy(labelSmoothing: 0.1), .binaryCrossEntropy] {
      try checkSlopes(test, loss, level)
    }
  }

  private func checkSlopes(_ test: Case, _ loss: LossFunction, _ level: String) throws {
    var builder = GraphBuilder(name: "test", inputBands: test.bands, inputChannels: test.channels)
    let x = test.build(&builder)
    let hidden = builder.relu(
      builder.linear(builder.globalAveragePool(x, "gap"), "hidden", features: 6), "act")
    _ = builder.linear(hidden, "logits", features: 3)
    let graph = try builder.finish()
    var random = RandomGenerator(seed: 5)
    var weights = Weights(initializing: try graph.parameters(), seed: 3)
    for i in weights.values.indices { weights.values[i] += random.uniform(-0.2, 0.2) }
    let batch = 2
    let inputs = (0..<(batch * test.bands * test.frames * test.channels)).map { _ in random.uniform(-1, 1) }
    let targets: [Float] = [0, 1, 0, 1, 0, 0]

    func value(_ weights: Weights) throws -> (Float, Weights) {
      let engine = try TrainingEngine(
        graph: graph, weights: weights, loss: loss, optimizer: .sgd(momentum: 0, weightDecay: 0),
        gradientClip: nil,
        threads: 1, seed: 9, kernels: Kernels.table(level: level))
      let loss = try engine.gradients(of: inputs, targets, batch: batch, frames: test.frames)
      return (loss, engine.gradientSnapshot())
    }

    // Along a random direction in each tensor: the slope of the loss must be the gradient's component.
    let gradients = try value(weights).1
    for (index, parameter) in weights.parameters.enumerated() where parameter.isTrained {
      let range = weights.range(at: index)
      let direction = range.map { _ in random.uniform(-1, 1) }
      let slope = zip(range, direction).reduce(0.0) { $0 + Double(gradients.values[$1.0]) * Double($1.1) }
      // The smallest of three steps' errors: ReLU and pool have kinks, and short steps drown in rounding.
      let errors = try [1e-2, 3e-3, 1e-3].map { (step: Float) in
        var (up, down) = (weights, weights)
        for (i, d) in zip(range, direction) {
          up.values[i] += step * d
          down.values[i] -= step * d
        }
        let measured = Double(try value(up).0 - value(down).0) / Double(2 * step)
        return abs(measured - slope)
      }
      let error = errors.min() ?? .infinity
      #expect(error <= 5e-3 * abs(slope) + 2e-4, "\(parameter.name): slope \(slope), off by \(error)")
    }
  }
}
