import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 convolution with stride 1 and padding 1, by Winograd's F(4×4, 3×3); see `WinogradKernels`.
final class WinogradStep: Step {
  let tensors: StepTensors
  let scratchCount: Int
  /// Sums of the output's channels for a batch norm that follows; filled by forward in training.
  let outputSums: ChannelSums

  private let shape: WinogradShape
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot?
  private let filters: AlignedBuffer
  private let turnedFilters: AlignedBuffer
  private let paddedBias: AlignedBuffer
  private let biasSums: ChannelSums?
  private let gradientParts: AlignedBuffer
  private let gradientPieces: Int
  private let gradientPieceTiles: Int
  private let kernels: WinogradKernels

  /// Pieces that a forward pass is cut into, at most.
  private static let forwardPieces = 64
  /// Pieces of the filter gradient: each keeps a sum of its own.
  private static let gradientPieceLimit = 8

  init(
    _ tensors: StepTensors,
    weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?, kernels: WinogradKernels
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = bias
    self.kernels = kernels
    shape = WinogradShape(
      batch: tensors.input.shape.batch, bands: tensors.input.shape.bands, frames: tensors.input.shape.frames,
      inputChannels: tensors.input.channelStride, outputChannels: tensors.output.channelStride)
    let isTrained = tensors.outputGradient != nil
    scratchCount = max(
      kernels.forwardScratchCount(shape),
      isTrained ? max(kernels.gradientScratchCount(shape), kernels.forwardScratchCount(shape.transposed)) : 0)
    filters = AlignedBuffer(count: shape.filterCount)
    turnedFilters = AlignedBuffer(count: tensors.inputGradient == nil ? 0 : shape.filterCount)
    paddedBias = AlignedBuffer(count: bias == nil ? 0 : tensors.output.channelStride)
    let pieceTiles = StepContext.pieceSize(
      shape.tiles, limit: Self.forwardPieces, grain: kernels.blockTiles)
    outputSums = ChannelSums(
      width: 2 * shape.outputChannels, pieces: (shape.tiles + pieceTiles - 1) / pieceTiles)
    biasSums = bias == nil || !isTrained ? nil : biasGradientSums(of: tensors.output)
    gradientPieceTiles = StepContext.pieceSize(
      shape.tiles, limit: Self.gradientPieceLimit, grain: kernels.blockTiles)
    gradientPieces = (shape.tiles + gradientPieceTiles - 1) / gradientPieceTiles
    gradientParts = AlignedBuffer(count: isTrained ? gradientPieces * weights.count : 0)
  }

  func forward(_ context: StepContext) {
    if context.parametersChanged {
      transformFilters(context, filters.pointer, isTransposed: false)
      if let bias { paddedBias.pointer.update(from: bias.values, count: bias.count) }
    }
    if context.isTraining { outputSums.reset() }
    context.forPieces(shape.tiles, limit: Self.forwardPieces, grain: kernels.blockTiles) {
      piece, tiles, worker in
      kernels.forward(
        WinogradForward(
          shape: shape, x: input.pointer, filters: filters.pointer,
          bias: bias == nil ? nil : paddedBias.pointer,
          y: output.pointer, scratch: context.scratch(of: worker),
          sums: context.isTraining ? outputSums.piece(piece) : nil),
        tiles.lowerBound, tiles.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    if let inputGradient {
      transformFilters(context, turnedFilters.pointer, isTransposed: true)
      let turned = shape.transposed
      context.forPieces(turned.tiles, limit: Self.forwardPieces, grain: kernels.blockTiles) {
        _, tiles, worker in
        kernels.forward(
          WinogradForward(
            shape: turned, x: outputGradient.pointer, filters: turnedFilters.pointer, bias: nil,
            y: inputGradient.pointer, scratch: context.scratch(of: worker), sums: nil),
          tiles.lowerBound, tiles.count)
      }
    }
    filterGradient(context, outputGradient)
    if let bias, let biasSums { biasGradient(bias, outputGradient, biasSums, context) }
  }

  private func filterGradient(_ context: StepContext, _ outputGradient: Tensor) {
    context.executor.forEach(chunks: gradientPieces) { piece, worker in
      let first = piece * gradientPieceTiles
      let sum = context.scratch(of: worker)
      kernels.filterGradient(
        WinogradFilterGradient(
          shape: shape, x: input.pointer, outputGradient: outputGradient.pointer, sum: sum,
          scratch: sum + shape.filterCount),
        first, min(gradientPieceTiles, shape.tiles - first))
      kernels.finishFilterGradient(
        arguments(weights: gradientParts.pointer + piece * weights.count, sum, isTransposed: false))
    }
    addParts(gradientParts.pointer, parts: gradientPieces, into: weights.gradients, count: weights.count)
  }

  private func transformFilters(
    _ context: StepContext, _ transformed: UnsafeMutablePointer<Float>, isTransposed: Bool
  ) {
    let run = arguments(weights: weights.values, transformed, isTransposed: isTransposed)
    context.forPieces(isTransposed ? run.inputCount : run.outputCount, limit: 16, grain: 16) { _, range, _ in
      kernels.transformFilters(run, range.lowerBound, range.count)
    }
  }

  private func arguments(
    weights: UnsafeMutablePointer<Float>, _ transformed: UnsafeMutablePointer<Float>, isTransposed: Bool
  ) -> FilterTransform {
    FilterTransform(
      weights: weights, transformed: transformed, outputCount: output.shape.channels,
      inputCount: input.shape.channels, outputChannels: shape.outputChannels,
      inputChannels: shape.inputChannels,
      isTransposed: isTransposed)
  }
}

/// sum = parts[0] + parts[1] + …, each `count` floats, in order.
func addParts(
  _ parts: UnsafePointer<Float>, parts pieces: Int, into sum: UnsafeMutablePointer<Float>, count: Int
) {
  sum.update(from: parts, count: count)
  for piece in 1..<max(pieces, 1) {
    let part = parts + piece * count
    for i in 0..<count { sum[i] += part[i] }
  }
}

/// Where `biasGradient` collects its sums.
func biasGradientSums(of output: Tensor) -> ChannelSums {
  ChannelSums(width: 2 * output.channelStride, pieces: 16)
}

/// A bias's gradient: the sum of the output's gradient over all pixels, for each channel.
func biasGradient(
  _ bias: ParameterMemory.Slot, _ outputGradient: Tensor, _ sums: ChannelSums, _ context: StepContext
) {
  let pixels = outputGradient.shape.batch * outputGradient.pixels
  let stride = outputGradient.channelStride
  sums.reset()
  context.forPieces(pixels, limit: sums.pieces) { piece, range, _ in
    context.kernels.norm.statistics(
      outputGradient.pointer, stride, sums.piece(piece), range.lowerBound, range.count)
  }
  let total = sums.total()
  for channel in 0..<bias.count { bias.gradients[channel] = Float(total[channel]) }
}
