import MtagCore
import MtagKernelTypes
import Testing

/// Runs the Winograd kernels of one level on arrays: in two pieces, as threads do, and in guarded, unaligned memory.
struct WinogradRunner {
  let kernels: WinogradKernels
  let shape: WinogradShape

  /// y, and its channels' sums and sums of squares.
  func forward(_ x: [Float], weights: [Float], bias: [Float]? = nil) -> (y: [Float], sums: [Double]) {
    convolve(shape, x, filters(weights, isTransposed: false), bias)
  }

  /// y written past the caches, which needs aligned memory.
  func streamedForward(_ x: [Float], weights: [Float]) -> [Float] {
    let (input, filters) = (GuardedBuffer(x), filters(weights, isTransposed: false))
    let y = AlignedBuffer(count: shape.batch * shape.bands * shape.frames * shape.outputChannels)
    let scratch = GuardedBuffer(repeating: .nan, count: kernels.forwardScratchCount(shape))
    let run = WinogradForward(
      shape: shape, x: input.pointer, filters: filters.pointer, bias: nil, y: y.pointer,
      scratch: scratch.pointer, sums: nil, streams: true)
    inPieces { kernels.forward(run, $0, $1) }
    check([input, filters, scratch])
    return Array(y.readOnly)
  }

  func inputGradient(_ gradient: [Float], weights: [Float]) -> [Float] {
    convolve(shape.transposed, gradient, filters(weights, isTransposed: true), nil).y
  }

  func forwardBlock(_ x: [Float], weights: [Float], bias: [Float], _ ending: WinogradEnding) -> [Float] {
    let pool = ending.hasPool ? 2 : 1
    let count = shape.batch * (shape.bands / pool) * (shape.frames / pool) * shape.outputChannels
    let (input, filters) = (GuardedBuffer(x), filters(weights, isTransposed: false))
    let (bias, y) = (GuardedBuffer(bias), GuardedBuffer(repeating: .nan, count: count))
    let scratch = GuardedBuffer(repeating: .nan, count: kernels.forwardScratchCount(shape))
    let run = WinogradForward(
      shape: shape, x: input.pointer, filters: filters.pointer, bias: bias.pointer, y: y.pointer,
      scratch: scratch.pointer, sums: nil)
    inPieces { kernels.forwardBlock(run, ending, $0, $1) }
    check([input, filters, bias, y, scratch])
    return y.values
  }

  /// - Parameter isCut: whether tiles are added in two calls, as where they are worked on strip by strip.
  func weightGradient(_ x: [Float], _ gradient: [Float], isCut: Bool = false) -> [Float] {
    let (input, gradient) = (GuardedBuffer(x), GuardedBuffer(gradient))
    let sum = GuardedBuffer(repeating: .nan, count: shape.filterCount)
    let scratch = GuardedBuffer(
      repeating: .nan, count: kernels.gradientScratchCount(shape) - shape.filterCount)
    let weights = GuardedBuffer(repeating: .nan, count: 9 * shape.inputChannels * shape.outputChannels)
    let firstTiles = isCut ? shape.tiles / 3 : 0
    for (first, count) in [(0, firstTiles), (firstTiles, shape.tiles - firstTiles)] where count > 0 {
      kernels.filterGradient(
        WinogradFilterGradient(
          shape: shape, x: input.pointer, outputGradient: gradient.pointer, sum: sum.pointer,
          scratch: scratch.pointer, accumulates: first > 0),
        first, count)
    }
    kernels.finishFilterGradient(arguments(weights, sum, isTransposed: false))
    check([input, gradient, sum, scratch, weights])
    return weights.values
  }

  // MARK: - Helpers

  private func convolve(
    _ shape: WinogradShape, _ x: [Float], _ filters: GuardedBuffer, _ bias: [Float]?
  ) -> (y: [Float], sums: [Double]) {
    let count = shape.batch * shape.bands * shape.frames * shape.outputChannels
    let (input, y) = (GuardedBuffer(x), GuardedBuffer(repeating: .nan, count: count))
    let bias = bias.map { GuardedBuffer($0) }
    let scratch = GuardedBuffer(repeating: .nan, count: kernels.forwardScratchCount(shape))
    var sums = [Double](repeating: 0, count: 2 * shape.outputChannels)
    sums.withUnsafeMutableBufferPointer { sums in
      let run = WinogradForward(
        shape: shape, x: input.pointer, filters: filters.pointer,
        bias: bias.map { UnsafePointer($0.pointer) },
        y: y.pointer, scratch: scratch.pointer, sums: sums.baseAddress)
      inPieces { kernels.forward(run, $0, $1) }
    }
    check([input, filters, y, scratch])
    return (y.values, sums)
  }

  private func inPieces(_ body: (_ first: Int, _ count: Int) -> Void) {
    let first = min(shape.tiles, kernels.blockTiles)
    body(0, first)
    body(first, shape.tiles - first)
  }

  private func filters(_ weights: [Float], isTransposed: Bool) -> GuardedBuffer {
    let (weights, filters) = (GuardedBuffer(weights), GuardedBuffer(repeating: 0, count: shape.filterCount))
    kernels.transformFilters(
      arguments(weights, filters, isTransposed: isTransposed), 0,
      isTransposed ? shape.inputChannels : shape.outputChannels)
    check([weights, filters])
    return filters
  }

  private func arguments(
    _ weights: GuardedBuffer, _ transformed: GuardedBuffer, isTransposed: Bool
  ) -> FilterTransform {
    FilterTransform(
      weights: weights.pointer, transformed: transformed.pointer, outputCount: shape.outputChannels,
      inputCount: shape.inputChannels, outputChannels: shape.outputChannels,
      inputChannels: shape.inputChannels, isTransposed: isTransposed)
  }

  private func check(_ buffers: [GuardedBuffer]) {
    #expect(buffers.allSatisfy { $0.isIntact }, "a kernel wrote outside of its memory: \(shape)")
  }
}
