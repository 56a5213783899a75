import MtagCore
import MtagGraph
import MtagKernelTypes

/// A 3×3 or 5×5 convolution with the batch norm, activation and 2×2 pool that follow it, where they do, for inference: the norm is a line
/// `y * scale + shift` of fixed numbers, so its scale goes into the filters and its shift into the bias.
final class FoldedBlockStep: Step {
  let tensors: StepTensors
  let scratchCount: Int
  private let shape: WinogradShape
  private let ending: WinogradEnding
  private let weights: ParameterMemory.Slot
  private let folded: FoldedNorm?
  private let kernels: WinogradKernels
  private let bias: ConvolutionBias
  private let filters: AlignedBuffer

  init(
    _ tensors: StepTensors, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?,
    folded: FoldedNorm?, ending: WinogradEnding, kernel: Int, kernels: WinogradKernels
  ) {
    self.tensors = tensors
    self.weights = weights
    self.bias = ConvolutionBias(bias, folded: folded, tensors)
    self.folded = folded
    self.ending = ending
    self.kernels = kernels
    shape = WinogradShape(
      batch: tensors.input.shape.batch, bands: tensors.input.shape.bands, frames: tensors.input.shape.frames,
      inputChannels: tensors.input.channelStride, outputChannels: tensors.output.channelStride,
      kernel: kernel)
    scratchCount = kernels.forwardScratchCount(shape)
    filters = AlignedBuffer(count: shape.filterCount)
  }

  func forward(_ context: StepContext) {
    precondition(!context.isTraining, "\(name): a folded block has no batch statistics")
    if context.parametersChanged { fold() }
    context.forParts(
      shape.tiles, limit: 64, grain: kernels.blockTiles, channels: shape.outputChannels
    ) { tiles, channels, worker in
      kernels.forwardBlock(
        WinogradForward(
          shape: shape, x: input.pointer, filters: filters.pointer, bias: bias.values, y: output.pointer,
          scratch: context.scratch(of: worker), sums: nil, channels: channels),
        ending, tiles.lowerBound, tiles.count)
    }
    // What is applied to the padding of channels may leave a value there.
    if ending.activation?.keepsZero == false { context.forPixels(of: output) { output.clearPadding(of: $0) } }
  }

  func backward(_ context: StepContext) {
    preconditionFailure("\(name): a folded block is for inference only")
  }

  private func fold() {
    folded?.fold(weights)
    bias.prepare()
    kernels.transformFilters(
      FilterTransform(
        weights: folded?.weights ?? weights.values, transformed: filters.pointer,
        outputCount: output.shape.channels,
        inputCount: input.shape.channels, outputChannels: shape.outputChannels,
        inputChannels: shape.inputChannels, isTransposed: false, kernel: shape.kernel), 0,
      output.shape.channels)
  }
}
