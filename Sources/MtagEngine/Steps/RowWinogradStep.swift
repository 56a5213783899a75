import MtagCore
import MtagGraph
import MtagKernelTypes

/// A convolution of three taps along the frames with the batch norm and the activation that follow it, for inference; see
/// `RowWinogradKernels`.
final class RowWinogradStep: Step {
  let tensors: StepTensors
  let scratchCount: Int
  private let weights: ParameterMemory.Slot
  private let bias: ConvolutionBias
  private let folded: FoldedNorm?
  private let activation: ActivationFunction?
  private let kernels: RowWinogradKernels
  private let filters: AlignedBuffer

  init(
    _ tensors: StepTensors, weights: ParameterMemory.Slot, bias: ParameterMemory.Slot?,
    folded: FoldedNorm?, activation: ActivationFunction?, kernels: RowWinogradKernels
  ) {
    self.tensors = tensors
    self.weights = weights
    self.folded = folded
    self.activation = activation
    self.kernels = kernels
    self.bias = ConvolutionBias(bias, folded: folded, tensors)
    let (inputs, outputs) = (tensors.input.channelStride, tensors.output.channelStride)
    scratchCount = kernels.scratchCount(inputChannels: inputs, outputChannels: outputs)
    filters = AlignedBuffer(count: 6 * inputs * outputs)
  }

  func forward(_ context: StepContext) {
    precondition(!context.isTraining, "\(name): a folded convolution has no batch statistics")
    if context.parametersChanged { fold() }
    let (rows, frames) = (input.shape.batch * input.shape.bands, input.shape.frames)
    context.forParts(
      rows * ((frames + 3) / 4), limit: 64, grain: kernels.blockTiles, channels: output.channelStride
    ) { tiles, channels, worker in
      kernels.forward(
        RowWinogradRun(
          rows: rows, frames: frames, inputChannels: input.channelStride,
          outputChannels: output.channelStride, x: input.pointer, filters: filters.pointer, bias: bias.values,
          activation: activation, y: output.pointer, channels: channels,
          scratch: context.scratch(of: worker)),
        tiles.lowerBound, tiles.count)
    }
    // What is applied to the padding of channels may leave a value there.
    if activation?.keepsZero == false { context.forPixels(of: output) { output.clearPadding(of: $0) } }
  }

  func backward(_ context: StepContext) {
    preconditionFailure("\(name): a folded convolution is for inference only")
  }

  private func fold() {
    folded?.fold(weights)
    bias.prepare()
    kernels.transformFilters(
      FilterTransform(
        weights: folded?.weights ?? weights.values, transformed: filters.pointer,
        outputCount: output.shape.channels, inputCount: input.shape.channels,
        outputChannels: output.channelStride, inputChannels: input.channelStride, isTransposed: false),
      0, output.shape.channels)
  }
}
