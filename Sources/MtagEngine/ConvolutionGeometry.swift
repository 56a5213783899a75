import MtagGraph
import MtagKernelTypes

/// A convolution of tensors as the products over patches that compute it and its gradients.
struct ConvolutionGeometry {
  let attributes: Operation.Convolution
  let input: TensorShape
  let inputStride: Int
  let outputChannels: Int
  let outputStride: Int

  init(_ attributes: Operation.Convolution, input: Tensor, output: Tensor) {
    self.attributes = attributes
    self.input = input.shape
    inputStride = input.channelStride
    outputChannels = output.shape.channels
    outputStride = output.channelStride
  }

  /// Input channels of a group.
  var groupInputs: Int { input.channels / attributes.groups }
  /// Output channels of a group.
  var groupOutputs: Int { outputChannels / attributes.groups }

  /// The convolution along bands and frames.
  var axes: (bands: PatchAxis, frames: PatchAxis) {
    let (kernel, stride) = (attributes.kernel, attributes.stride)
    let (padding, extra, dilation) = (attributes.padding, attributes.extraPadding, attributes.dilation)
    return (
      .convolution(
        size: input.bands, kernel: kernel.bands, stride: stride.bands, padding: padding.bands,
        extraPadding: extra.bands, dilation: dilation.bands),
      .convolution(
        size: input.frames, kernel: kernel.frames, stride: stride.frames, padding: padding.frames,
        extraPadding: extra.frames, dilation: dilation.frames)
    )
  }

  /// The gradient of the input: a gather for each phase of the stride, along bands and frames. Phases that no tap reaches are left
  /// out; the gradient is zero there.
  var gradientAxes: [(bands: PatchAxis, frames: PatchAxis)] {
    let (kernel, stride) = (attributes.kernel, attributes.stride)
    let (padding, extra, dilation) = (attributes.padding, attributes.extraPadding, attributes.dilation)
    let columns = PatchAxis.inputGradient(
      size: input.frames, kernel: kernel.frames, stride: stride.frames, padding: padding.frames,
      extraPadding: extra.frames, dilation: dilation.frames)
    return PatchAxis.inputGradient(
      size: input.bands, kernel: kernel.bands, stride: stride.bands, padding: padding.bands,
      extraPadding: extra.bands, dilation: dilation.bands
    ).flatMap { rows in columns.map { (rows, $0) } }
  }

  /// Whether the phases leave input pixels out.
  var hasUnreachedPixels: Bool {
    gradientAxes.reduce(0) { $0 + $1.bands.targetCount * $1.frames.targetCount } < input.bands * input.frames
  }

  /// The convolution as products over patches.
  var forward: PatchShape {
    let groups = products(outputs: groupOutputs)
    return PatchShape(
      batch: input.batch, bands: axes.bands, frames: axes.frames, sourceStride: inputStride,
      targetStride: outputStride, groups: groups,
      channels: groups > 1 ? input.channels / groups : denseChannels(input.channels, inputStride),
      outputs: outputChannels / groups)
  }

  /// The gradient of the input as products over patches of the output's gradient.
  var inputGradient: [PatchShape] {
    let groups = products(outputs: groupInputs)
    return gradientAxes.map { axes in
      PatchShape(
        batch: input.batch, bands: axes.bands, frames: axes.frames, sourceStride: outputStride,
        targetStride: inputStride, groups: groups,
        channels: groups > 1 ? outputChannels / groups : denseChannels(outputChannels, outputStride),
        outputs: input.channels / groups)
    }
  }

  /// How many products the groups make: narrow groups are joined, with zeros between them, as long as they fit into a register,
  /// which costs nothing, since its other lanes would be idle. Never more, for the zeros grow with the square.
  private func products(outputs: Int) -> Int {
    let groups = attributes.groups
    let joined = (1...16).last { groups % $0 == 0 && $0 * outputs <= 16 } ?? 1
    return groups / joined
  }

  /// All channels of a pixel with their padding, so that copies have no rests; but a few channels without.
  private func denseChannels(_ channels: Int, _ stride: Int) -> Int { channels <= 4 ? channels : stride }
}
