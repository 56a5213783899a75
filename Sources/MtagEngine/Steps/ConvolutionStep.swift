import MtagCore
import MtagGraph
import MtagKernelTypes

/// A convolution of any kernel, stride, padding, dilation and groups, as matrix products over patches; see `ConvolutionKernels`.
/// In inference the batch norm and the activation that follow it are part of it.
final class ConvolutionStep: Step {
  let tensors: StepTensors
  let scratchCount: Int
  private let geometry: ConvolutionGeometry
  private let shape: PatchShape
  private let weights: ParameterMemory.Slot
  private let bias: ConvolutionBias
  private let folded: FoldedNorm?
  private let activation: ActivationFunction?
  private let kernels: ConvolutionKernels
  private let filters: AlignedBuffer
  /// One product for each phase of the stride, with filters of its own.
  private let gradientShapes: [PatchShape]
  private let hasUnreachedPixels: Bool
  private let turnedFilters: AlignedBuffer
  private let gradientParts: AlignedBuffer
  private let gradientPieces: Int

  /// Pieces that a forward pass is cut into, at most.
  private static let forwardPieces = 64
  /// Pieces of the filter gradient: each keeps a sum of its own.
  private static let gradientPieceLimit = 8

  init(
    _ tensors: StepTensors, attributes: Operation.Convolution, weights: ParameterMemory.Slot,
    bias: ParameterMemory.Slot?, folded: FoldedNorm? = nil, activation: ActivationFunction? = nil,
    kernels: ConvolutionKernels
  ) {
    self.tensors = tensors
    self.activation = activation
    self.weights = weights
    self.folded = folded
    self.kernels = kernels
    self.bias = ConvolutionBias(bias, folded: folded, tensors)
    geometry = ConvolutionGeometry(attributes, input: tensors.input, output: tensors.output)
    shape = geometry.forward
    gradientShapes = tensors.inputGradient == nil ? [] : geometry.inputGradient
    hasUnreachedPixels = geometry.hasUnreachedPixels
    let isTrained = tensors.outputGradient != nil
    scratchCount = max(
      kernels.forwardScratchCount(shape), isTrained ? kernels.gradientScratchCount(shape) : 0,
      gradientShapes.map(kernels.forwardScratchCount).max() ?? 0)
    filters = AlignedBuffer(count: shape.filterCount)
    turnedFilters = AlignedBuffer(count: gradientShapes.reduce(0) { $0 + $1.filterCount })
    let pieceSize = StepContext.pieceSize(
      shape.pixels, limit: Self.gradientPieceLimit, grain: kernels.grain(shape))
    gradientPieces = (shape.pixels + pieceSize - 1) / pieceSize
    gradientParts = AlignedBuffer(count: isTrained ? gradientPieces * shape.filterCount : 0)
  }

  func forward(_ context: StepContext) {
    if context.parametersChanged {
      folded?.fold(weights)
      bias.prepare()
      pack(context, shape, folded?.weights ?? weights.values, filters.pointer, isTransposed: false)
    }
    context.forParts(
      shape.pixels, limit: Self.forwardPieces, grain: kernels.grain(shape),
      channels: shape.groups == 1 ? shape.paddedOutputs : 0
    ) { pixels, channels, worker in
      kernels.forward(
        PatchProduct(
          shape: shape, source: input.pointer, filters: filters.pointer, bias: bias.values,
          activation: activation, outputs: shape.groups == 1 ? channels : nil, target: output.pointer,
          scratch: context.scratch(of: worker)),
        pixels.lowerBound, pixels.count)
    }
  }

  func backward(_ context: StepContext) {
    guard let outputGradient else { return }
    if let inputGradient { fill(inputGradient, from: outputGradient, context) }
    context.forPieces(shape.pixels, limit: Self.gradientPieceLimit, grain: kernels.grain(shape)) {
      piece, pixels, worker in
      kernels.filterGradient(
        PatchGradient(
          shape: shape, source: input.pointer, targetGradient: outputGradient.pointer,
          sum: gradientParts.pointer + piece * shape.filterCount, scratch: context.scratch(of: worker)),
        pixels.lowerBound, pixels.count)
    }
    let packing = packing(shape, weights.gradients, gradientParts.pointer, isTransposed: false)
    context.forPieces(kernels.panels(shape), limit: 64) { _, panels, _ in
      kernels.unpackGradient(packing, gradientPieces, panels.lowerBound, panels.count)
    }
    bias.gradient(outputGradient, context)
  }

  /// The input's gradient, phase by phase.
  private func fill(_ inputGradient: Tensor, from outputGradient: Tensor, _ context: StepContext) {
    if hasUnreachedPixels { inputGradient.clear(context) }
    var turned = turnedFilters.pointer
    for phase in gradientShapes {
      pack(context, phase, weights.values, turned, isTransposed: true)
      context.forPieces(phase.pixels, limit: Self.forwardPieces, grain: kernels.grain(phase)) {
        _, pixels, worker in
        kernels.forward(
          PatchProduct(
            shape: phase, source: outputGradient.pointer, filters: turned, bias: nil,
            target: inputGradient.pointer, scratch: context.scratch(of: worker)),
          pixels.lowerBound, pixels.count)
      }
      turned += phase.filterCount
    }
  }

  private func pack(
    _ context: StepContext, _ shape: PatchShape, _ weights: UnsafeMutablePointer<Float>,
    _ packed: UnsafeMutablePointer<Float>, isTransposed: Bool
  ) {
    let packing = packing(shape, weights, packed, isTransposed: isTransposed)
    context.forPieces(kernels.panels(shape), limit: 64) { _, panels, _ in
      kernels.packFilters(packing, panels.lowerBound, panels.count)
    }
  }

  private func packing(
    _ shape: PatchShape, _ weights: UnsafeMutablePointer<Float>, _ packed: UnsafeMutablePointer<Float>,
    isTransposed: Bool
  ) -> FilterPacking {
    let kernel = geometry.attributes.kernel
    return FilterPacking(
      shape: shape, weights: weights, packed: packed, groupInputs: geometry.groupInputs,
      groupOutputs: geometry.groupOutputs, groups: geometry.attributes.groups, kernelFrames: kernel.frames,
      kernelTaps: kernel.bands * kernel.frames, isTransposed: isTransposed)
  }
}
