import MtagCore
import MtagEngine
import MtagGraph
import MtagKernels
import Testing

/// In inference, what runs as one step gives what the single steps give.
@Suite struct InferenceFusionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bands: Int
    let frames: Int
    let channels: Int
    let build:
      @Sendable (inout GraphBuilder, _ cut: (inout GraphBuilder, GraphBuilder.Value) -> GraphBuilder.Value)
        -> GraphBuilder.Value
  }

  /// Every activation behind a Winograd, a strided, a depthwise and a grouped convolution, with and without a norm.
  static let convolutions = MtagGraph.Operation.Activation.allCases.flatMap { function in
    [(1, 1, true), (2, 1, true), (1, 20, true), (2, 4, true), (1, 1, false), (2, 20, false)].map {
      stride, groups, hasNorm in
      Case(
        testDescription: "\(function), stride \(stride), \(groups) groups\(hasNorm ? ", norm" : "")",
        bands: 7,
        frames: 70, channels: 20
      ) { graph, cut in
        var x = graph.convolution(
          graph.input, "a", channels: 20, kernel: 3, stride: stride, groups: groups, bias: !hasNorm)
        x = cut(&graph, x)
        if hasNorm { x = cut(&graph, graph.batchNorm(x, "b")) }
        return graph.activation(x, "c", function)
      }
    }
  }

  /// 5×5 kernels, whose tiles are one window of a pool each, and kernels of three frames.
  static let tiles = [(9, 13, 5, 5), (8, 14, 5, 5), (2, 31, 1, 3)].flatMap { bands, frames, height, width in
    ([nil, .relu, .hardSigmoid] as [MtagGraph.Operation.Activation?]).flatMap { function in
      ["none", "mean", "largest"].map { pool in
        Case(
          testDescription:
            "\(height)×\(width) of \(bands)×\(frames), \(function?.rawValue ?? "linear"), \(pool)",
          bands: bands, frames: frames, channels: 20
        ) { graph, cut in
          var x = graph.convolution(graph.input, "a", channels: 70, kernel: .init(height, width))
          x = cut(&graph, graph.batchNorm(cut(&graph, x), "b"))
          if let function { x = cut(&graph, graph.activation(x, "c", function)) }
          switch pool {
          case "mean": return graph.averagePool(x, "d", kernel: .init(2, 2))
          case "largest": return graph.maxPool(x, "d", size: 2)
          default: return x
          }
        }
      }
    }
  }

  static let others = [
    Case(testDescription: "average pool after ReLU", bands: 9, frames: 13, channels: 3) { graph, cut in
      var x = cut(&graph, graph.convolution(graph.input, "a", channels: 70, kernel: 3, bias: false))
      x = cut(&graph, graph.relu(cut(&graph, graph.batchNorm(x, "b")), "c"))
      return graph.averagePool(x, "d", kernel: .init(2, 2))
    },
    Case(testDescription: "maximum after ReLU6 without norm", bands: 8, frames: 14, channels: 3) {
      graph, cut in
      let x = cut(&graph, graph.convolution(graph.input, "a", channels: 70, kernel: 3))
      return graph.maxPool(cut(&graph, graph.activation(x, "c", .relu6)), "d", size: 2)
    },
    Case(testDescription: "maximum after ELU", bands: 8, frames: 14, channels: 3) { graph, cut in
      let x = cut(&graph, graph.convolution(graph.input, "a", channels: 70, kernel: 3))
      return graph.maxPool(cut(&graph, graph.activation(x, "c", .elu)), "d", size: 2)
    },
    Case(testDescription: "norm, then maximum", bands: 8, frames: 14, channels: 3) { graph, cut in
      let x = cut(
        &graph, graph.relu(cut(&graph, graph.convolution(graph.input, "a", channels: 7, kernel: 3)), "b"))
      return graph.maxPool(cut(&graph, graph.batchNorm(x, "c")), "d", size: 2)
    },
    Case(testDescription: "norm and sigmoid", bands: 5, frames: 6, channels: 3) { graph, cut in
      let x = cut(&graph, graph.convolution(graph.input, "a", channels: 7, kernel: 3))
      return graph.activation(
        cut(&graph, graph.batchNorm(cut(&graph, graph.maxPool(x, "p", size: 3)), "b")), "c", .sigmoid)
    },
    Case(testDescription: "residual with dropout", bands: 5, frames: 6, channels: 3) { graph, cut in
      let x = cut(&graph, graph.convolution(graph.input, "a", channels: 7, kernel: 3))
      let y = cut(
        &graph, graph.dropout(cut(&graph, graph.convolution(x, "b", channels: 7, kernel: 3)), "c", rate: 0.5))
      return graph.dropout(cut(&graph, graph.relu(cut(&graph, graph.add("d", x, y)), "e")), "f", rate: 0.3)
    },
    Case(testDescription: "norm of the input, first block", bands: 9, frames: 14, channels: 1) { graph, cut in
      let x = cut(&graph, graph.batchNorm(graph.input, "n"))
      let y = cut(
        &graph,
        graph.batchNorm(cut(&graph, graph.convolution(x, "a", channels: 20, kernel: 3, bias: false)), "b"))
      return graph.maxPool(cut(&graph, graph.relu(y, "c")), "d", size: 2)
    },
    Case(testDescription: "norms of the input, two convolutions", bands: 9, frames: 14, channels: 1) {
      graph, cut in
      let x = cut(&graph, graph.append("m", .batchNorm(.init(axis: .bands)), graph.input))
      let n = cut(&graph, graph.batchNorm(x, "n"))
      let a = cut(&graph, graph.convolution(n, "a", channels: 20, kernel: 3))
      let b = cut(&graph, graph.convolution(n, "b", channels: 20, kernel: .init(5, 3)))
      return graph.add("c", a, b)
    },
    Case(testDescription: "norm of the input that others read", bands: 9, frames: 14, channels: 1) {
      graph, cut in
      let n = cut(&graph, graph.batchNorm(graph.input, "n"))
      let a = cut(&graph, graph.convolution(n, "a", channels: 20, kernel: 3))
      return graph.multiply("c", a, graph.reduce(n, "m", .mean, over: .bands))
    },
    Case(testDescription: "few pixels, many channels", bands: 2, frames: 5, channels: 130) { graph, cut in
      let x = cut(&graph, graph.convolution(graph.input, "a", channels: 300, kernel: 3, bias: false))
      return graph.averagePool(
        cut(&graph, graph.relu(cut(&graph, graph.batchNorm(x, "b")), "c")), "d", kernel: .init(2, 2))
    },
    Case(testDescription: "linear layers at every pixel", bands: 3, frames: 50, channels: 19) { graph, cut in
      let x = cut(
        &graph, graph.activation(cut(&graph, graph.linear(graph.input, "a", features: 70)), "b", .gelu))
      return graph.append("c", .linear(features: 33, hasBias: false), x)
    },
  ]

  @Test(
    "one step or several, the same logits", arguments: Kernels.available, convolutions + tiles + others)
  func same(_ level: String, _ test: Case) throws {
    let whole = try logits(test, level, threads: 1, isCut: false)
    let parts = try logits(test, level, threads: 1, isCut: true)
    #expect(relativeError(whole, parts.map(Double.init)) <= 2e-5)
    for threads in [2, 3, 8] {
      #expect(try logits(test, level, threads: threads, isCut: false) == whole, "\(threads) threads")
    }
  }

  /// - Parameter isCut: a pool of one pixel, which changes nothing, stands behind every node.
  private func logits(_ test: Case, _ level: String, threads: Int, isCut: Bool) throws -> [Float] {
    var builder = GraphBuilder(name: "test", inputBands: test.bands, inputChannels: test.channels)
    var cuts = 0
    let x = test.build(&builder) { graph, value in
      guard isCut else { return value }
      cuts += 1
      return graph.maxPool(value, "nothing\(cuts)", size: 1)
    }
    let mean = builder.reduce(x, "mean", .mean, over: .bands)
    let sum = builder.reduce(mean, "sum", .sum, over: .frames)
    _ = builder.linear(sum, "logits", features: 5)
    let graph = try builder.finish()
    var random = RandomGenerator(seed: 8)
    // By name: a cut must not change the weights.
    var weights = Weights(initializing: try graph.parameters(), seed: 3)
    for i in weights.values.indices { weights.values[i] += random.uniform(0.01, 0.3) }
    let inputs = (0..<(2 * test.bands * test.frames * test.channels)).map { _ in random.uniform(-1, 1) }
    let engine = try InferenceEngine(
      graph: graph, weights: weights, threads: threads, kernels: Kernels.table(level: level))
    return try inputs.withUnsafeBufferPointer { try engine.logits($0, batch: 2, frames: test.frames) }
  }
}
