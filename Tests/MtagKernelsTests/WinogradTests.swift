import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Every Winograd kernel against plain loops in double precision, from unaligned memory.
@Suite struct WinogradTests {
  static let shapes =
    [1, 2, 3, 5, 15, 17].flatMap { bands in
      [1, 2, 3, 5, 15, 17].map { frames in
        WinogradShape(batch: 2, bands: bands, frames: frames, inputChannels: 16, outputChannels: 32)
      }
    }
    + [16, 32, 48, 80].flatMap { inputs in
      [16, 48, 80, 144].map { outputs in
        WinogradShape(batch: 1, bands: 7, frames: 9, inputChannels: inputs, outputChannels: outputs)
      }
    } + [
      WinogradShape(batch: 3, bands: 9, frames: 21, inputChannels: 32, outputChannels: 16),
      WinogradShape(batch: 1, bands: 8, frames: 30, inputChannels: 48, outputChannels: 80),
    ]

  @Test("forward is the naive convolution, with bias and channel sums", arguments: Kernels.available, shapes)
  func forward(_ level: String, _ shape: WinogradShape) throws {
    let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
    let naive = NaiveConvolution(shape, seed: 1)
    let bias = Self.bias(shape)
    let result = runner.forward(naive.x, weights: naive.weights, bias: bias)
    let expected = naive.forward().enumerated().map { $1 + Double(bias[$0 % shape.outputChannels]) }
    #expect(relativeError(result.y, expected) <= 2e-5)
    for channel in 0..<shape.outputChannels {
      let values = stride(from: channel, to: expected.count, by: shape.outputChannels).map { expected[$0] }
      let scale = values.reduce(0) { $0 + abs($1) } + 1
      #expect(abs(result.sums[channel] - values.reduce(0, +)) <= 1e-5 * scale)
      let squares = values.reduce(0) { $0 + $1 * $1 }
      #expect(abs(result.sums[shape.outputChannels + channel] - squares) <= 1e-5 * (squares + 1))
    }
  }

  @Test("past the caches the same bytes are written", arguments: Kernels.available, shapes)
  func streamed(_ level: String, _ shape: WinogradShape) throws {
    let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
    let naive = NaiveConvolution(shape, seed: 1)
    #expect(
      runner.streamedForward(naive.x, weights: naive.weights)
        == runner.forward(naive.x, weights: naive.weights).y)
  }

  @Test("a folded block is the naive convolution, activation and pool", arguments: Kernels.available, shapes)
  func forwardBlock(_ level: String, _ shape: WinogradShape) throws {
    let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
    let naive = NaiveConvolution(shape, seed: 4)
    let bias = Self.bias(shape)
    let convolved = naive.forward().enumerated().map { $1 + Double(bias[$0 % shape.outputChannels]) }
    let size = (convolved.reduce(0) { $0 + $1 * $1 } / Double(convolved.count)).squareRoot()
    for function in [nil, .relu, .relu6, .silu] as [ActivationFunction?] {
      let activated = function.map { function in
        convolved.map { ActivationKernelsTests.reference(function, $0).value }
      }
      for pool in [.none, .largest, .mean] as [WinogradEnding.Pool] where pool == .none || function != .silu {
        let ending = WinogradEnding(activation: function, pool: pool)
        let y = runner.forwardBlock(naive.x, weights: naive.weights, bias: bias, ending)
        let values = activated ?? convolved
        let expected =
          switch pool {
          case .none: values
          case .largest: pooled(values, shape) { $0.max() ?? 0 }
          case .mean: pooled(values, shape) { $0.reduce(0, +) / 4 }
          }
        #expect(y.count == expected.count)
        let largest = zip(y, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(largest <= 2e-5 * size, "\(ending)")
      }
    }
  }

  @Test("both gradients are the naive ones", arguments: Kernels.available, shapes)
  func gradients(_ level: String, _ shape: WinogradShape) throws {
    let runner = WinogradRunner(kernels: try Kernels.table(level: level).winograd, shape: shape)
    let naive = NaiveConvolution(shape, seed: 2)
    var random = RandomGenerator(seed: 3)
    let gradient = (0..<(shape.batch * shape.bands * shape.frames * shape.outputChannels)).map { _ in
      random.uniform(-1, 1)
    }
    let dx = runner.inputGradient(gradient, weights: naive.weights)
    #expect(relativeError(dx, naive.inputGradient(gradient)) <= 2e-5)
    for isCut in [false, true] {
      let dw = runner.weightGradient(naive.x, gradient, isCut: isCut)
      #expect(relativeError(dw, naive.weightGradient(gradient)) <= 2e-5)
    }
  }

  private static func bias(_ shape: WinogradShape) -> [Float] {
    (0..<shape.outputChannels).map { Float($0) * 0.01 - 0.1 }
  }

  /// The largest of every 2×2 window, without a last odd row or column.
  /// What `function` makes of each window of 2×2.
  private func pooled(
    _ y: [Double], _ shape: WinogradShape, _ function: ([Double]) -> Double
  ) -> [Double] {
    var results: [Double] = []
    for image in 0..<shape.batch {
      for band in 0..<(shape.bands / 2) {
        for frame in 0..<(shape.frames / 2) {
          for channel in 0..<shape.outputChannels {
            let window = (0..<4).map { corner in
              let row = image * shape.bands + 2 * band + corner / 2
              return y[(row * shape.frames + 2 * frame + corner % 2) * shape.outputChannels + channel]
            }
            results.append(function(window))
          }
        }
      }
    }
    return results
  }
}
