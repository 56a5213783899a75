import Foundation
import MtagCore
import MtagEngine
import MtagGraph
import MtagKernelTypes
import MtagKernels
import Testing

/// Every kind of convolution against plain loops, at every level.
@Suite struct ConvolutionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let input: TensorShape
    let attributes: MtagGraph.Operation.Convolution

    init(
      _ bands: Int, _ frames: Int, _ channels: Int, to outputs: Int, kernel: (Int, Int),
      stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0), dilation: (Int, Int) = (1, 1),
      groups: Int = 1,
      bias: Bool = true, batch: Int = 2
    ) {
      input = TensorShape(batch: batch, bands: bands, frames: frames, channels: channels)
      attributes = MtagGraph.Operation.Convolution(
        channels: outputs, kernel: .init(kernel.0, kernel.1), stride: .init(stride.0, stride.1),
        padding: .init(padding.0, padding.1), dilation: .init(dilation.0, dilation.1), groups: groups,
        hasBias: bias)
    }

    var testDescription: String {
      "\(input) to \(attributes.channels), \(MtagGraph.Operation.convolution(attributes).label), padding \(attributes.padding)"
    }
  }

  static let sizes = [1, 2, 3, 5, 15, 17]

  /// All kernel sizes on all picture sizes, along one axis and the other.
  static let axes = sizes.flatMap { kernel in
    sizes.flatMap { size in
      [
        Case(2, size, 3, to: 5, kernel: (1, kernel), padding: (0, kernel / 2), batch: 1),
        Case(size, 3, 17, to: 18, kernel: (kernel, 1), padding: (kernel / 2, 0), batch: 1),
        Case(1, size + 2, 1, to: 4, kernel: (1, kernel), stride: (1, 3), padding: (0, (kernel + 1) / 2)),
        Case(size, size, 4, to: 4, kernel: (3, 3), stride: (2, 2), padding: (1, 1), groups: 4),
        Case(size, size, 1, to: 7, kernel: (3, kernel), padding: (1, kernel / 2)),
      ]
    }
  }

  static let kinds = [
    Case(5, 40, 16, to: 33, kernel: (1, 1)),
    Case(9, 14, 40, to: 20, kernel: (1, 1), stride: (2, 2)),
    Case(7, 31, 33, to: 16, kernel: (1, 1), stride: (1, 3), padding: (0, 1), bias: false),
    Case(1, 300, 32, to: 48, kernel: (1, 3), stride: (1, 3)),
    Case(1, 210, 16, to: 16, kernel: (1, 9), padding: (0, 4)),
    Case(1, 200, 16, to: 16, kernel: (1, 3), padding: (0, 2), dilation: (1, 2)),
    Case(1, 300, 1, to: 16, kernel: (1, 3), stride: (1, 3)),
    Case(1, 300, 1, to: 16, kernel: (1, 4), stride: (1, 4)),
    Case(9, 11, 3, to: 6, kernel: (3, 3), padding: (2, 2), dilation: (2, 2)),
    Case(9, 11, 3, to: 6, kernel: (3, 2), stride: (2, 3), padding: (2, 1), dilation: (3, 2)),
    Case(12, 13, 5, to: 4, kernel: (3, 3), stride: (4, 6), padding: (4, 3), dilation: (2, 4)),
    Case(11, 9, 2, to: 3, kernel: (2, 2), stride: (3, 4)),
    Case(8, 30, 64, to: 300, kernel: (3, 3), stride: (2, 2), padding: (1, 1), batch: 1),
    Case(3, 21, 700, to: 10, kernel: (1, 2), batch: 1),
    Case(3, 21, 1024, to: 10, kernel: (1, 1), batch: 1),
    Case(20, 33, 1, to: 21, kernel: (17, 7), padding: (0, 3)),
    Case(13, 30, 2, to: 8, kernel: (7, 7), stride: (2, 2), padding: (3, 3)),
    Case(9, 20, 8, to: 16, kernel: (3, 3), padding: (1, 1), groups: 4),
    Case(9, 20, 64, to: 64, kernel: (3, 3), padding: (1, 1), groups: 4),
    Case(6, 15, 36, to: 54, kernel: (3, 3), stride: (1, 2), padding: (1, 1), groups: 3),
    Case(6, 15, 6, to: 12, kernel: (3, 3), padding: (1, 1), groups: 6),
    Case(6, 15, 12, to: 6, kernel: (3, 3), padding: (1, 1), groups: 6),
    Case(6, 15, 40, to: 40, kernel: (1, 1), groups: 2),
    Case(5, 13, 34, to: 34, kernel: (3, 3), padding: (1, 1), groups: 17),
    Case(5, 13, 69, to: 46, kernel: (3, 3), padding: (1, 1), groups: 23),
    // 97 targets: a register tile has idle rows, and here each is far from the next.
    Case(1, 97 * 1900, 16, to: 16, kernel: (1, 1900), stride: (1, 1900), batch: 1),
    Case(6, 100, 12, to: 12, kernel: (1, 1), groups: 1),
    Case(9, 40, 20, to: 20, kernel: (3, 3), padding: (1, 1), groups: 20),
    Case(9, 41, 64, to: 64, kernel: (3, 3), stride: (2, 2), padding: (1, 1), groups: 64),
    Case(12, 23, 18, to: 18, kernel: (5, 5), padding: (2, 2), groups: 18, bias: false),
    Case(12, 23, 18, to: 18, kernel: (5, 5), stride: (2, 2), padding: (2, 2), groups: 18),
    Case(9, 19, 3, to: 3, kernel: (3, 4), padding: (3, 4), dilation: (3, 2), groups: 3),
    Case(1, 90, 32, to: 32, kernel: (1, 15), padding: (0, 7), groups: 32),
    Case(4, 7, 5, to: 5, kernel: (2, 2), stride: (3, 3), groups: 5),
    Case(9, 21, 40, to: 70, kernel: (5, 5), padding: (2, 2)),
    Case(1, 90, 16, to: 33, kernel: (5, 5), padding: (2, 2), bias: false),
    Case(40, 2, 33, to: 16, kernel: (5, 5), padding: (2, 2)),
    Case(6, 11, 300, to: 16, kernel: (5, 5), padding: (2, 2), batch: 1),
    Case(3, 50, 33, to: 70, kernel: (1, 3), padding: (0, 1)),
    Case(1, 401, 16, to: 130, kernel: (1, 3), padding: (0, 1), bias: false),
    Case(40, 3, 300, to: 16, kernel: (1, 3), padding: (0, 1)),
    Case(90, 1, 16, to: 16, kernel: (1, 3), padding: (0, 1)),
  ]

  /// Rows long enough to be worked on one by one: where the source's own memory serves as patches.
  static let longRows = [
    Case(3, 101, 33, to: 20, kernel: (5, 5), padding: (2, 2), batch: 1),
    Case(4, 107, 16, to: 20, kernel: (3, 3), padding: (1, 1), dilation: (2, 3), batch: 1),
    Case(4, 107, 40, to: 24, kernel: (3, 3), padding: (2, 2), dilation: (2, 2), batch: 1),
    Case(5, 150, 32, to: 16, kernel: (3, 4), stride: (2, 2), padding: (1, 2), batch: 1),
    Case(5, 150, 32, to: 16, kernel: (2, 3), stride: (2, 3), padding: (1, 4), dilation: (1, 2), batch: 1),
    Case(3, 90, 18, to: 12, kernel: (3, 7), padding: (1, 3), groups: 3),
    Case(3, 90, 36, to: 36, kernel: (1, 9), padding: (0, 4), groups: 6),
    Case(2, 70, 350, to: 8, kernel: (2, 3), padding: (1, 1), batch: 1),
    Case(2, 70, 40, to: 8, kernel: (1, 40), padding: (0, 20), batch: 1),
    Case(3, 400, 1, to: 6, kernel: (1, 165), padding: (0, 82)),
    Case(1, 1100, 1, to: 6, kernel: (1, 330), padding: (0, 5)),
    Case(2, 1100, 1, to: 6, kernel: (1, 701), batch: 1),
    Case(3, 130, 24, to: 17, kernel: (7, 1), padding: (3, 0)),
    Case(20, 45, 4, to: 10, kernel: (3, 15), padding: (1, 7)),
    Case(3, 120, 4, to: 10, kernel: (3, 5), stride: (1, 9), padding: (1, 2)),
    Case(1, 5000, 16, to: 8, kernel: (1, 3), padding: (0, 1), batch: 1),
  ]

  @Test(
    "output and gradients are those of plain loops", arguments: Kernels.available, axes + kinds + longRows)
  func matchesPlainLoops(_ level: String, _ test: Case) throws {
    let naive = NaiveLayer(test.attributes, input: test.input, seed: 4)
    let layer = try LoneConvolution(
      test.attributes, input: test.input, threads: 2, kernels: Kernels.table(level: level))
    try #require(layer.outputShape == naive.output)
    fill(layer, naive)
    layer.forward()
    layer.backward()
    #expect(relativeError(layer.output, naive.forward) <= 2e-5)
    #expect(relativeError(layer.inputGradient, naive.inputGradient) <= 2e-5)
    #expect(relativeError(layer.weightGradients, naive.weightGradient) <= 2e-5)
    #expect(layer.hasCleanPadding)
  }

  @Test("same bytes at any number of threads", arguments: Kernels.available, kinds + longRows)
  func threads(_ level: String, _ test: Case) throws {
    let naive = NaiveLayer(test.attributes, input: test.input, seed: 5)
    func run(_ threads: Int) throws -> [[Float]] {
      let layer = try LoneConvolution(
        test.attributes, input: test.input, threads: threads, kernels: Kernels.table(level: level))
      fill(layer, naive)
      layer.forward()
      layer.backward()
      return [layer.output, layer.inputGradient, layer.weightGradients]
    }
    let one = try run(1)
    for threads in [2, 3, 8] { #expect(try run(threads) == one, "\(threads) threads") }
  }

  @Test("inference folds norm and ReLU into the convolution", arguments: Kernels.available, kinds)
  func folded(_ level: String, _ test: Case) throws {
    let naive = NaiveLayer(test.attributes, input: test.input, seed: 6)
    var builder = GraphBuilder(
      name: "test", inputBands: test.input.bands, inputChannels: test.input.channels)
    let x = builder.convolution(
      builder.input, "layer", channels: test.attributes.channels, kernel: test.attributes.kernel,
      stride: test.attributes.stride, padding: test.attributes.padding, dilation: test.attributes.dilation,
      groups: test.attributes.groups, bias: test.attributes.hasBias)
    _ = builder.globalAveragePool(builder.relu(builder.batchNorm(x, "norm"), "relu"), "mean")
    let graph = try builder.finish()
    var weights = Weights(initializing: try graph.parameters(), seed: 0)
    weights["layer.weight"] = naive.weights
    if !naive.bias.isEmpty { weights["layer.bias"] = naive.bias }
    var random = RandomGenerator(seed: 7)
    let channels = naive.output.channels
    func noise(_ low: Float, _ high: Float) -> [Float] {
      (0..<channels).map { _ in random.uniform(low, high) }
    }
    let (scale, shift, mean, variance) = (noise(-2, 2), noise(-1, 1), noise(-1, 1), noise(0.5, 2))
    weights["norm.weight"] = scale
    weights["norm.bias"] = shift
    weights["norm.running_mean"] = mean
    weights["norm.running_var"] = variance
    let engine = try InferenceEngine(
      graph: graph, weights: weights, threads: 2, kernels: Kernels.table(level: level))
    let logits = try naive.x.withUnsafeBufferPointer {
      try engine.logits($0, batch: test.input.batch, frames: test.input.frames)
    }
    var expected = [Double](repeating: 0, count: test.input.batch * channels)
    let pixels = naive.output.bands * naive.output.frames
    for (i, y) in naive.forward.enumerated() {
      let c = i % channels
      let deviation = (Double(variance[c]) + 1e-5).squareRoot()
      let value = (y - Double(mean[c])) / deviation * Double(scale[c]) + Double(shift[c])
      expected[i / (pixels * channels) * channels + c] += max(0, value) / Double(pixels)
    }
    #expect(relativeError(logits, expected) <= 2e-5)
  }

  @Test(
    "output and gradients are PyTorch's", arguments: Kernels.available,
    ["strided", "dilated", "grouped", "depthwise", "tall", "sequence"])
  func matchesPyTorch(_ level: String, _ name: String) throws {
    let oracle = try PyTorchTensors.load("convolutions")
    let sidecar = try JSONDecoder().decode(
      ConvolutionSidecar.self, from: PyTorchTensors.sidecar("convolutions"))
    let kind = try #require(sidecar.parameters.kinds[name])
    let layer = try LoneConvolution(
      kind.attributes, input: kind.shape, threads: 2, kernels: Kernels.table(level: level))
    var weights = layer.weights
    weights["layer.weight"] = try oracle.tensor("\(name).weight")
    weights["layer.bias"] = try oracle.tensor("\(name).bias")
    layer.weights = weights
    layer.setInput(try oracle.tensor("\(name).input"))
    layer.setOutputGradient(try oracle.tensor("\(name).outputGradient"))
    layer.forward()
    layer.backward()
    func check(_ found: [Float], _ tensors: String...) throws {
      let expected = try tensors.flatMap { try oracle.tensor("\(name).\($0)") }
      #expect(relativeError(found, expected.map(Double.init)) <= 2e-6, "\(tensors)")
    }
    try check(layer.output, "output")
    try check(layer.inputGradient, "inputGradient")
    try check(layer.weightGradients, "weightGradient", "biasGradient")
  }

  private func fill(_ layer: LoneConvolution, _ naive: NaiveLayer) {
    layer.setInput(naive.x)
    layer.setOutputGradient(naive.gradient)
    var weights = layer.weights
    weights["layer.weight"] = naive.weights
    if !naive.bias.isEmpty { weights["layer.bias"] = naive.bias }
    layer.weights = weights
  }
}

/// What the sidecar of the fixture `convolutions` says of each convolution.
private struct ConvolutionSidecar: Decodable {
  struct Kind: Decodable {
    let channels: Int
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]
    let groups: Int
    let input: [Int]

    var shape: TensorShape {
      TensorShape(batch: input[0], bands: input[1], frames: input[2], channels: input[3])
    }

    var attributes: MtagGraph.Operation.Convolution {
      .init(
        channels: channels, kernel: .init(kernel[0], kernel[1]), stride: .init(stride[0], stride[1]),
        padding: .init(padding[0], padding[1]), dilation: .init(dilation[0], dilation[1]), groups: groups,
        hasBias: true)
    }
  }

  struct Parameters: Decodable { let kinds: [String: Kind] }

  let parameters: Parameters
}
