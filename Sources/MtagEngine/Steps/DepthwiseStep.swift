import MtagCore
import MtagGraph
import MtagKernelTypes

/// A convolution of each channel with a filter of its own; see `DepthwiseKernels`. In inference the batch norm and the
/// activation that follow it are part of it.
final class DepthwiseStep: Step {
  let tensors: StepTensors
  private let axes: (bands: PatchAxis, frames: PatchAxis)
  private let gradientAxes: [(bands: PatchAxis, frames: PatchAxis)]
  private let hasUnreachedPixels: Bool
  private let taps: Int
  private let kernelFrames: Int
  private let weights: ParameterMemory.Slot
  private let bias: ConvolutionBias
  private let folded: FoldedNorm?
  private let activation: ActivationFunction?
  private let kernels: DepthwiseKernels
  /// `[taps, channels]`; for the gradient of the input, the taps of each phase one after the other.
  private let filters: AlignedBuffer
  private let turnedFilters: AlignedBuffer
  private let gradientParts: AlignedBuffer
  private let gradientPieces: Int

  /// Pieces of rows that a forward pass is cut into, at most.
  private static let forwardPieces = 64
  /// Pieces of the filter gradient: each keeps a sum of its own.
  private static let gradientPieceLimit = 8

  init(
    _ tensors: StepTensors, attributes: Operation.Convolution, weights: ParameterMemory.Slot,
    bias: ParameterMemory.Slot?, folded: FoldedNorm? = nil, activation: ActivationFunction? = nil,
    kernels: DepthwiseKernels
  ) {
    self.tensors = tensors
    self.activation = activation
    self.weights = weights
    self.folded = folded
    self.kernels = kernels
    self.bias = ConvolutionBias(bias, folded: folded, tensors)
    let geometry = ConvolutionGeometry(attributes, input: tensors.input, output: tensors.output)
    axes = geometry.axes
    gradientAxes = tensors.inputGradient == nil ? [] : geometry.gradientAxes
    hasUnreachedPixels = geometry.hasUnreachedPixels
    kernelFrames = attributes.kernel.frames
    taps = attributes.kernel.bands * kernelFrames
    let stride = tensors.output.channelStride
    filters = AlignedBuffer(count: taps * stride)
    turnedFilters = AlignedBuffer(count: gradientAxes.isEmpty ? 0 : taps * stride)
    let rows = tensors.output.shape.batch * tensors.output.shape.bands
    let pieceRows = StepContext.pieceSize(rows, limit: Self.gradientPieceLimit, grain: 1)
    gradientPieces = (rows + pieceRows - 1) / pieceRows
    gradientParts = AlignedBuffer(count: tensors.outputGradient == nil ? 0 : gradientPieces * taps * stride)
  }

  func forward(_ context: StepContext) {
    if context.parametersChanged {
      folded?.fold(weights)
      bias.prepare()
      pack(axes, folded?.weights ?? weights.values, filters.pointer)
    }
    let run = DepthwiseRun(
      bands: axes.bands, frames: axes.frames, channels: output.channelStride, source: input.pointer,
      filters: filters.pointer, bias: bias.values, activation: activation, target: output.pointer)
    context.forPieces(output.shape.batch * output.shape.bands, limit: Self.forwardPieces) { _, rows, _ in
      kernels.forward(run, rows.lowerBound, rows.count)
    }
    // What is applied to the padding of channels may leave a value there.
    if activation?.keepsZero == false { context.forPixels(of: output) { output.clearPadding(of: $0) } }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    if let inputGradient { fill(inputGradient, from: outputGradient, context) }
    let run = DepthwiseRun(
      bands: axes.bands, frames: axes.frames, channels: output.channelStride, source: input.pointer,
      filters: filters.pointer, bias: nil, target: outputGradient.pointer)
    let size = taps * output.channelStride
    context.forPieces(output.shape.batch * output.shape.bands, limit: Self.gradientPieceLimit) {
      piece, rows, _ in
      kernels.filterGradient(run, gradientParts.pointer + piece * size, rows.lowerBound, rows.count)
    }
    for channel in 0..<output.shape.channels {
      for tap in 0..<taps {
        var sum: Float = 0
        for piece in 0..<gradientPieces {
          sum += gradientParts.pointer[piece * size + tap * output.channelStride + channel]
        }
        weights.gradients[channel * taps + tap] = sum
      }
    }
    bias.gradient(outputGradient, context)
  }

  /// The input's gradient, phase by phase.
  private func fill(_ inputGradient: Tensor, from outputGradient: Tensor, _ context: StepContext) {
    if hasUnreachedPixels { inputGradient.clear(context) }
    var turned = turnedFilters.pointer
    for phase in gradientAxes {
      pack(phase, weights.values, turned)
      let run = DepthwiseRun(
        bands: phase.bands, frames: phase.frames, channels: input.channelStride,
        source: outputGradient.pointer, filters: turned, bias: nil,
        target: inputGradient.pointer)
      context.forPieces(input.shape.batch * phase.bands.targetCount, limit: Self.forwardPieces) {
        _, rows, _ in
        kernels.forward(run, rows.lowerBound, rows.count)
      }
      turned += phase.bands.taps * phase.frames.taps * input.channelStride
    }
  }

  /// PyTorch's `[channels, 1, bands, frames]` → the taps of one gather, `[taps, channelStride]`.
  private func pack(
    _ axes: (bands: PatchAxis, frames: PatchAxis), _ weights: UnsafeMutablePointer<Float>,
    _ packed: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<axes.bands.taps {
      let row = (axes.bands.filterStart + i * axes.bands.filterStep) * kernelFrames
      for j in 0..<axes.frames.taps {
        let tap = row + axes.frames.filterStart + j * axes.frames.filterStep
        let out = packed + (i * axes.frames.taps + j) * input.channelStride
        for channel in 0..<input.shape.channels { out[channel] = weights[channel * taps + tap] }
      }
    }
  }
}
