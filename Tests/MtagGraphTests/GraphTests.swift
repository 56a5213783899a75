import MtagCore
import MtagGraph
import MtagModels
import Testing

@Suite struct GraphTests {
  typealias Node = Graph.Node

  @Test(
    "a convolution's output follows the usual formula",
    arguments: [(1, 1, 0), (3, 2, 1), (5, 3, 0), (7, 4, 9)])
  func convolutionShape(kernel: Int, stride: Int, padding: Int) throws {
    let graph = try single(Self.convolution(channels: 6, kernel: kernel, stride: stride, padding: padding))
    let output = try #require(try graph.layers(frames: 37).first?.output)
    // Counting the places where a window fits is the definition.
    let places = Swift.stride(from: 0, through: 37 + 2 * padding - kernel, by: stride).reduce(0) { count, _ in
      count + 1
    }
    let bands = Swift.stride(from: 0, through: 20 + 2 * padding - kernel, by: stride).reduce(0) { count, _ in
      count + 1
    }
    #expect(output == TensorShape(bands: bands, frames: places, channels: 6))
    #expect(try graph.parameters().map(\.shape) == [[6, 2, kernel, kernel], [6]])
  }

  @Test("dilation spreads the kernel, groups share out the channels: shapes, weights and costs are PyTorch's")
  func dilationAndGroups() throws {
    var builder = GraphBuilder(name: "test", inputBands: 20, inputChannels: 6)
    let x = builder.convolution(
      builder.input, "a", channels: 9, kernel: .init(3, 5), stride: .init(1, 2), padding: .init(0, 4),
      dilation: .init(4, 2), groups: 3)
    _ = builder.convolution(x, "b", channels: 9, kernel: 3, dilation: 3, groups: 9, bias: false)
    let layers = try builder.finish().layers(frames: 31)
    // floor((31 + 8 − 2 · 4 − 1) / 2) + 1 frames.
    #expect(layers[0].output == TensorShape(bands: 12, frames: 16, channels: 9))
    #expect(layers[0].parameters.map(\.shape) == [[9, 2, 3, 5], [9]])
    #expect(layers[0].multiplyAccumulates == 12 * 16 * 9 * 2 * 3 * 5)
    #expect(layers[0].node.operation.label == "conv 3×5 /1×2 dilated 4×2 in 3 groups")
    #expect(layers[1].output == layers[0].output)
    #expect(layers[1].parameters.map(\.shape) == [[9, 1, 3, 3]])
    #expect(layers[1].node.operation.label == "conv 3×3 dilated 3×3 depthwise")
  }

  @Test("pooling drops a rest that fills no window")
  func poolShape() throws {
    let graph = try single(.maxPool(.init(kernel: .init(2, 3), stride: .init(2, 3))))
    #expect(try graph.layers(frames: 17).first?.output == TensorShape(bands: 10, frames: 5, channels: 2))
    #expect(try graph.minimumFrames() == 3)
  }

  @Test("a graph whose last node is no vector has no labels, and the message says what to do")
  func noVector() throws {
    for operation in [Operation.activation(.relu), .linear(features: 4)] {
      let graph = try single(operation)
      let error = try #require(throws: MtagError.self) { try graph.labelCount() }
      #expect(error.message.contains("'x'"))
      #expect(error.message.contains("pool over bands and frames first"))
    }
  }

  @Test("names that do not hang together are refused, naming the node")
  func names() throws {
    let relu = Operation.activation(.relu)
    let cases: [(nodes: [Node], says: String)] = [
      ([], "0 nodes"),
      ([Node(name: "a", operation: relu, inputs: ["b"])], "'a' reads 'b'"),
      ([Node(name: "a", operation: relu, inputs: [])], "reads 0 values"),
      ([Node(name: "a", operation: relu, inputs: ["input", "input"])], "reads 2 values"),
      ([Node(name: "input", operation: relu, inputs: ["input"])], "two nodes are named 'input'"),
      ([Node(name: "", operation: relu, inputs: ["input"])], "name is empty"),
      ([Node(name: "a\nb", operation: relu, inputs: ["input"])], "control characters"),
      (
        [
          Node(name: "a", operation: relu, inputs: ["input"]),
          Node(name: "a", operation: relu, inputs: ["a"]),
        ], "two nodes are named 'a'"
      ),
      (
        [
          Node(name: "a", operation: relu, inputs: ["b"]),
          Node(name: "b", operation: relu, inputs: ["input"]),
        ], "'b', which is not before it"
      ),
      (
        [
          Node(name: "a", operation: relu, inputs: ["input"]),
          Node(name: "b", operation: relu, inputs: ["input"]),
        ], "no node reads 'a'"
      ),
    ]
    for (nodes, says) in cases {
      let error = try #require(throws: MtagError.self) {
        try Graph(name: "test", inputBands: 8, inputChannels: 1, nodes: nodes)
      }
      #expect(error.message.contains(says), "\(error.message)")
    }
  }

  @Test(
    "attributes that no network has are refused, naming the attribute",
    arguments: [
      (Self.convolution(channels: -1), "channels -1"), (Self.convolution(channels: 0), "channels 0"),
      (Self.convolution(channels: 1_000_000_000_000), "channels 1000000000000"),
      (Self.convolution(kernel: 0), "kernel (bands) 0"),
      (Self.convolution(kernel: Int.max), "kernel (bands)"),
      (Self.convolution(stride: 0), "stride (bands) 0"), (Self.convolution(stride: -3), "stride (bands) -3"),
      (Self.convolution(padding: -1), "padding (bands) -1"),
      (Self.convolution(padding: Int.max), "padding (bands)"),
      (Self.convolution(dilation: 0), "dilation (bands) 0"),
      (Self.convolution(dilation: -1), "dilation (bands) -1"),
      (Self.convolution(dilation: Int.max), "dilation (bands)"),
      (Self.convolution(groups: 0), "groups 0"), (Self.convolution(groups: -2), "groups -2"),
      (Self.convolution(groups: Int.max), "groups"), (Self.convolution(groups: Int.min), "groups"),
      (Self.convolution(channels: 5, groups: 2), "5 output channels cannot be split into 2 groups"),
      (Self.convolution(channels: 9, groups: 3), "2 input channels cannot be split into 3 groups"),
      (.maxPool(.init(kernel: .init(2, 2), stride: .init(2, 0))), "stride (frames) 0"),
      (.maxPool(.init(kernel: .init(0, 2), stride: .init(1, 1))), "kernel (bands) 0"),
      (.linear(features: Int.min), "features"), (.dropout(rate: 1), "dropout 1.0"),
      (.dropout(rate: .nan), "dropout nan"), (.batchNorm(.init(epsilon: 0)), "epsilon 0.0"),
      (.batchNorm(.init(epsilon: .infinity)), "epsilon inf"),
      (.batchNorm(.init(momentum: 2)), "momentum 2.0"),
    ] as [(Operation, String)])
  func attributes(operation: Operation, says: String) throws {
    let error = try #require(throws: MtagError.self) { try single(operation) }
    #expect(error.message.contains(says), "\(error.message)")
    #expect(error.message.contains("x"))
  }

  @Test(
    "a network's name stands in every message about it, so it is one short line",
    arguments: ["", "two\nlines", "zero\0", String(repeating: "x", count: 513)])
  func plainName(name: String) throws {
    let error = try #require(throws: MtagError.self) {
      try Graph(
        name: name, inputBands: 8, inputChannels: 1,
        nodes: [Node(name: "x", operation: .globalAveragePool, inputs: ["input"])])
    }
    #expect(error.message.contains("the network's name") && error.message.count < 200)
  }

  @Test("a kernel larger than the padded bands is refused")
  func largeKernel() throws {
    let error = try #require(throws: MtagError.self) { try single(Self.convolution(kernel: 25, padding: 2)) }
    #expect(error.message.contains("nothing left"))
  }

  @Test("sizes whose products do not fit a number are errors, not crashes")
  func overflow() throws {
    // 2¹⁶ channels on both sides of a 2¹²-sized kernel: 2⁵⁶ weights.
    let wide = [
      Node(name: "a", operation: Self.convolution(channels: 1 << 16, kernel: 1), inputs: ["input"]),
      Node(
        name: "b", operation: Self.convolution(channels: 1 << 16, kernel: 1 << 12, padding: 1 << 12),
        inputs: ["a"]),
    ]
    #expect(throws: MtagError.self) { try Graph(name: "wide", inputBands: 8, inputChannels: 1, nodes: wide) }
    // Padding that grows the map a thousand times over.
    let growing = (0..<1000).map { index in
      Node(
        name: "n\(index)", operation: Self.convolution(channels: 1, kernel: 1, padding: 1 << 12),
        inputs: [index == 0 ? "input" : "n\(index - 1)"])
    }
    #expect(throws: Never.self) {
      try Graph(name: "growing", inputBands: 8, inputChannels: 1, nodes: growing)
    }
    #expect(throws: MtagError.self) {
      try Graph(name: "big", inputBands: Int.max, inputChannels: 1, nodes: wide)
    }
    let graph = try CNN4().graph(bands: 64, labels: 2)
    #expect(throws: MtagError.self) { try graph.layers(frames: Int.max) }
    #expect(throws: MtagError.self) { try graph.layers(frames: 0) }
    #expect(throws: MtagError.self) { try graph.layers(frames: -5) }
  }

  // MARK: - Helpers

  static func convolution(
    channels: Int = 4, kernel: Int = 3, stride: Int = 1, padding: Int = 1, dilation: Int = 1, groups: Int = 1
  ) -> Operation {
    .convolution(
      .init(
        channels: channels, kernel: .init(kernel, kernel), stride: .init(stride, stride),
        padding: .init(padding, padding), dilation: .init(dilation, dilation), groups: groups, hasBias: true))
  }

  private func single(_ operation: Operation) throws -> Graph {
    try Graph(
      name: "test", inputBands: 20, inputChannels: 2,
      nodes: [Node(name: "x", operation: operation, inputs: ["input"])])
  }
}
