import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 convolution with the batch norm, ReLU and 2×2 max pool that follow it, for inference: the norm is a line
/// `y * scale + shift` of fixed numbers, so its scale goes into the filters and its shift into the bias.
final class FoldedBlockStep: Step {
  let tensors: StepTensors
  let scratchCount: Int
  private let shape: WinogradShape
  private let ending: WinogradEnding
  private let weights: ParameterMemory.Slot
  private let bias: ParameterMemory.Slot?
  private let folded: FoldedNorm
  private let kernels: WinogradKernels
  private let foldedBias: AlignedBuffer
  private let filters: AlignedBuffer

  init(
    _ tensors: StepTensors, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?,
    folded: FoldedNorm, ending: WinogradEnding, kernels: WinogradKernels
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = bias
    self.folded = folded
    self.ending = ending
    self.kernels = kernels
    shape = WinogradShape(
      batch: tensors.input.shape.batch, bands: tensors.input.shape.bands, frames: tensors.input.shape.frames,
      inputChannels: tensors.input.channelStride, outputChannels: tensors.output.channelStride)
    scratchCount = kernels.forwardScratchCount(shape)
    foldedBias = AlignedBuffer(count: tensors.output.channelStride)
    filters = AlignedBuffer(count: shape.filterCount)
  }

  func forward(_ context: StepContext) {
    precondition(!context.isTraining, "\(name): a folded block has no batch statistics")
    if context.parametersChanged { fold() }
    context.forPieces(shape.tiles, limit: 64, grain: kernels.blockTiles) { _, tiles, worker in
      kernels.forwardBlock(
        WinogradForward(
          shape: shape, x: input.pointer, filters: filters.pointer, bias: foldedBias.pointer,
          y: output.pointer,
          scratch: context.scratch(of: worker), sums: nil),
        ending, tiles.lowerBound, tiles.count)
    }
  }

  func backward(_ context: StepContext) {
    preconditionFailure("\(name): a folded block is for inference only")
  }

  private func fold() {
    folded.fold(weights)
    folded.writeShift(bias: bias, to: foldedBias.pointer)
    kernels.transformFilters(
      FilterTransform(
        weights: folded.weights, transformed: filters.pointer, outputCount: output.shape.channels,
        inputCount: input.shape.channels, outputChannels: shape.outputChannels,
        inputChannels: shape.inputChannels, isTransposed: false), 0, output.shape.channels)
  }
}
