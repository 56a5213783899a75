import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

@Suite struct WinogradTests {
  static let shapes =
    [1, 2, 3, 5, 15, 17].flatMap { bands in
      [1, 2, 3, 5, 15, 17].map { frames in
        WinogradShape(batch: 2, bands: bands, frames: frames, inputChannels: 16, outputChannels: 32)
      }
    } + [
      WinogradShape(batch: 3, bands: 9, frames: 21, inputChannels: 32, outputChannels: 16),
      WinogradShape(batch: 1, bands: 8, frames: 30, inputChannels: 48, outputChannels: 80),
      WinogradShape(batch: 1, bands: 7, frames: 9, inputChannels: 64, outputChannels: 144),
    ]

  @Test("forward is the naive convolution, with bias and channel sums", arguments: Kernels.available, shapes)
  func forward(_ level: String, _ shape: WinogradShape) throws {
    let kernels = try Kernels.table(level: level).winograd
    let naive = NaiveConvolution(shape, seed: 1)
    let filters = transformed(naive, kernels, isTransposed: false)
    var bias = [Float](repeating: 0, count: shape.outputChannels)
    for i in bias.indices { bias[i] = Float(i) * 0.01 }
    let result = run(kernels, shape, naive.x, filters, bias: bias)
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

  @Test("both gradients are the naive ones", arguments: Kernels.available, shapes)
  func gradients(_ level: String, _ shape: WinogradShape) throws {
    let kernels = try Kernels.table(level: level).winograd
    let naive = NaiveConvolution(shape, seed: 2)
    var random = RandomGenerator(seed: 3)
    let gradient = (0..<(shape.batch * shape.bands * shape.frames * shape.outputChannels)).map { _ in
      random.uniform(-1, 1)
    }
    let turned = transformed(naive, kernels, isTransposed: true)
    let dx = run(kernels, shape.transposed, gradient, turned, bias: nil).y
    #expect(relativeError(dx, naive.inputGradient(gradient)) <= 2e-5)

    let sum = AlignedBuffer(count: shape.filterCount)
    let scratch = AlignedBuffer(count: kernels.gradientScratchCount(shape))
    let x = copy(naive.x)
    let dy = copy(gradient)
    kernels.filterGradient(
      WinogradFilterGradient(
        shape: shape, x: x.pointer, outputGradient: dy.pointer, sum: sum.pointer, scratch: scratch.pointer,
        accumulates: false),
      0, shape.tiles)
    let dw = AlignedBuffer(count: naive.weights.count)
    kernels.finishFilterGradient(arguments(shape, dw.pointer, sum.pointer, isTransposed: false))
    #expect(relativeError(Array(dw.readOnly), naive.weightGradient(gradient)) <= 2e-5)
  }

  private func arguments(
    _ shape: WinogradShape, _ weights: UnsafeMutablePointer<Float>,
    _ transformed: UnsafeMutablePointer<Float>,
    isTransposed: Bool
  ) -> FilterTransform {
    FilterTransform(
      weights: weights, transformed: transformed, outputCount: shape.outputChannels,
      inputCount: shape.inputChannels, outputChannels: shape.outputChannels,
      inputChannels: shape.inputChannels,
      isTransposed: isTransposed)
  }

  private func transformed(
    _ naive: NaiveConvolution, _ kernels: WinogradKernels, isTransposed: Bool
  ) -> [Float] {
    let shape = naive.shape
    let filters = AlignedBuffer(count: shape.filterCount)
    let weights = copy(naive.weights)
    kernels.transformFilters(
      arguments(shape, weights.pointer, filters.pointer, isTransposed: isTransposed), 0,
      isTransposed ? shape.inputChannels : shape.outputChannels)
    return Array(filters.readOnly)
  }

  /// Runs forward in two pieces, as threads do, from memory that is aligned to nothing but floats.
  private func run(
    _ kernels: WinogradKernels, _ shape: WinogradShape, _ x: [Float], _ filters: [Float], bias: [Float]?
  ) -> (y: [Float], sums: [Double]) {
    let y = AlignedBuffer(count: shape.batch * shape.bands * shape.frames * shape.outputChannels + 1)
    let input = AlignedBuffer(count: x.count + 1)
    (input.pointer + 1).update(from: x, count: x.count)
    let packed = copy(filters)
    let biasValues = copy(bias ?? [])
    let scratch = AlignedBuffer(count: kernels.forwardScratchCount(shape))
    let sums = UnsafeMutablePointer<Double>.allocate(capacity: 2 * shape.outputChannels)
    sums.initialize(repeating: 0, count: 2 * shape.outputChannels)
    defer { sums.deallocate() }
    let run = WinogradForward(
      shape: shape, x: input.pointer + 1, filters: packed.pointer,
      bias: bias == nil ? nil : biasValues.pointer,
      y: y.pointer + 1, scratch: scratch.pointer, sums: sums)
    let half = min(shape.tiles, kernels.blockTiles)
    kernels.forward(run, 0, half)
    kernels.forward(run, half, shape.tiles - half)
    return (
      Array(y.readOnly.dropFirst()), Array(UnsafeBufferPointer(start: sums, count: 2 * shape.outputChannels))
    )
  }

  private func copy(_ values: [Float]) -> AlignedBuffer {
    let buffer = AlignedBuffer(count: values.count)
    buffer.pointer.update(from: values, count: values.count)
    return buffer
  }
}
