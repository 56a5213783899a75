import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 convolution with stride 1 and padding 1 by Winograd's F(4×4, 3×3), with the memory it needs between passes; see
/// `WinogradKernels`. Steps put it together with what follows.
final class WinogradConvolution {
  /// Sums and sums of squares of the output's channels; filled by `forward` in training.
  let outputSums: ChannelSums
  /// Floats of scratch memory for each worker.
  let scratchCount: Int
  /// Rows of y that `backward` asks for at once, at most.
  let unitRowLimit: Int

  private let shape: WinogradShape
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot?
  private let kernels: WinogradKernels
  private let inputCount: Int
  private let outputCount: Int
  private let filters: AlignedBuffer
  private let turnedFilters: AlignedBuffer
  private let paddedBias: AlignedBuffer
  private let gradientParts: AlignedBuffer
  private let biasSums: ChannelSums
  private let units: WinogradUnits

  /// Pieces that a forward pass is cut into, at most.
  private static let forwardPieces = 64
  /// Pieces of backward, at most: each keeps sums of its own.
  private static let backwardPieces = 8

  /// - Parameters:
  ///   - output: the convolution's own output, before anything that follows.
  ///   - isTrained: whether there will be backward passes.
  init(
    input: Tensor, output: Tensor, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?,
    isTrained: Bool, hasInputGradient: Bool, kernels: WinogradKernels
  ) {
    self.weights = weights
    self.bias = bias
    self.kernels = kernels
    inputCount = input.shape.channels
    outputCount = output.shape.channels
    shape = WinogradShape(
      batch: input.shape.batch, bands: input.shape.bands, frames: input.shape.frames,
      inputChannels: input.channelStride, outputChannels: output.channelStride)
    scratchCount =
      isTrained
      ? max(
        kernels.gradientScratchCount(shape),
        shape.filterCount + kernels.forwardScratchCount(shape.transposed),
        kernels.forwardScratchCount(shape))
      : kernels.forwardScratchCount(shape)
    filters = AlignedBuffer(count: shape.filterCount)
    turnedFilters = AlignedBuffer(count: hasInputGradient ? shape.filterCount : 0)
    paddedBias = AlignedBuffer(count: bias == nil ? 0 : shape.outputChannels)
    let pieceTiles = StepContext.pieceSize(shape.tiles, limit: Self.forwardPieces, grain: kernels.blockTiles)
    outputSums = ChannelSums(
      width: 2 * shape.outputChannels, pieces: (shape.tiles + pieceTiles - 1) / pieceTiles)
    units = WinogradUnits(shape, pieces: Self.backwardPieces, blockTiles: kernels.blockTiles)
    unitRowLimit = units.rowLimit
    gradientParts = AlignedBuffer(count: isTrained ? Self.backwardPieces * weights.count : 0)
    biasSums = ChannelSums(
      width: 2 * shape.outputChannels, pieces: isTrained && bias != nil ? Self.backwardPieces : 0)
  }

  /// y = x ∗ filters + bias
  func forward(_ x: Tensor, into y: Tensor, _ context: StepContext) {
    if context.parametersChanged {
      transformFilters(context, filters.pointer, isTransposed: false)
      if let bias { paddedBias.pointer.update(from: bias.values, count: bias.count) }
    }
    if context.isTraining { outputSums.reset() }
    context.forPieces(shape.tiles, limit: Self.forwardPieces, grain: kernels.blockTiles) {
      piece, tiles, worker in
      kernels.forward(
        WinogradForward(
          shape: shape, x: x.pointer, filters: filters.pointer, bias: bias == nil ? nil : paddedBias.pointer,
          y: y.pointer, scratch: context.scratch(of: worker),
          sums: context.isTraining ? outputSums.piece(piece) : nil, streams: y.isLargerThanCaches),
        tiles.lowerBound, tiles.count)
    }
  }

  /// The gradients of x, of the weights and of the bias.
  ///
  /// - Parameter gradient: gives the gradient of y where it is needed for a unit, as an address laid out as y: the rows of the
  ///   unit's tiles and one row more on either side. It is asked once a unit, and may make the rows then and there: nothing is
  ///   so fast to read as what was just written.
  func backward(
    _ x: Tensor, gradient xGradient: Tensor?, _ context: StepContext,
    yGradient gradient: (_ unit: WinogradUnits.Unit, _ worker: Int) -> UnsafePointer<Float>
  ) {
    if xGradient != nil { transformFilters(context, turnedFilters.pointer, isTransposed: true) }
    biasSums.reset()
    let size = StepContext.pieceSize(units.count, limit: Self.backwardPieces, grain: 1)
    let pieces = (units.count + size - 1) / size
    context.executor.forEach(chunks: pieces) { piece, worker in
      let sum = context.scratch(of: worker)
      let first = piece * size
      for index in first..<min(first + size, units.count) {
        let unit = units[index]
        let rows = gradient(unit, worker)
        // The input's gradient first: its scratch memory is the filter gradient's, but for the sum.
        if let xGradient {
          kernels.forward(
            WinogradForward(
              shape: shape.transposed, x: rows, filters: turnedFilters.pointer, bias: nil,
              y: xGradient.pointer, scratch: sum + shape.filterCount, sums: nil,
              streams: xGradient.isLargerThanCaches),
            unit.tiles.lowerBound, unit.tiles.count)
        }
        kernels.filterGradient(
          WinogradFilterGradient(
            shape: shape, x: x.pointer, outputGradient: rows, sum: sum, scratch: sum + shape.filterCount,
            accumulates: index > first),
          unit.tiles.lowerBound, unit.tiles.count)
        if bias != nil {
          context.kernels.norm.statistics(
            rows, shape.outputChannels, biasSums.piece(piece), unit.pixels.lowerBound, unit.pixels.count)
        }
      }
      kernels.finishFilterGradient(
        filterTransform(gradientParts.pointer + piece * weights.count, sum, isTransposed: false))
    }
    addParts(gradientParts.pointer, parts: pieces, into: weights.gradients, count: weights.count)
    if let bias {
      let total = biasSums.total()
      for channel in 0..<bias.count { bias.gradients[channel] = Float(total[channel]) }
    }
  }

  // MARK: - Filters

  private func transformFilters(
    _ context: StepContext, _ transformed: UnsafeMutablePointer<Float>, isTransposed: Bool
  ) {
    let run = filterTransform(weights.values, transformed, isTransposed: isTransposed)
    context.forPieces(isTransposed ? run.inputCount : run.outputCount, limit: 16, grain: 16) { _, range, _ in
      kernels.transformFilters(run, range.lowerBound, range.count)
    }
  }

  private func filterTransform(
    _ weights: UnsafeMutablePointer<Float>, _ transformed: UnsafeMutablePointer<Float>, isTransposed: Bool
  ) -> FilterTransform {
    FilterTransform(
      weights: weights, transformed: transformed, outputCount: outputCount, inputCount: inputCount,
      outputChannels: shape.outputChannels, inputChannels: shape.inputChannels, isTransposed: isTransposed)
  }
}

/// sum = parts[0] + parts[1] + …, each `count` floats, in order.
private func addParts(
  _ parts: UnsafePointer<Float>, parts pieces: Int, into sum: UnsafeMutablePointer<Float>, count: Int
) {
  sum.update(from: parts, count: count)
  for piece in 1..<max(pieces, 1) {
    let part = parts + piece * count
    for i in 0..<count { sum[i] += part[i] }
  }
}
