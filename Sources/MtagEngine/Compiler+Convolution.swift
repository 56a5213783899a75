import MtagGraph
import MtagKernelTypes

extension Compiler {
  /// The step of a convolution that is not Winograd's; in inference with the batch norm and the ReLU that follow it.
  func makeConvolution(
    _ group: Group, _ attributes: Operation.Convolution, _ tensors: StepTensors
  ) -> any Step {
    let node = group.first.node.name
    let weights = parameters.slot("\(node).weight")
    let bias = attributes.hasBias ? parameters.slot("\(node).bias") : nil
    let folded = foldedNorm(group, tensors)
    let isDepthwise =
      attributes.groups > 1 && attributes.groups == attributes.channels
      && attributes.groups == tensors.input.shape.channels
    if isDepthwise {
      return DepthwiseStep(
        tensors, attributes: attributes, weights: weights, bias: bias, folded: folded,
        kernels: kernels.depthwise)
    }
    return ConvolutionStep(
      tensors, attributes: attributes, weights: weights, bias: bias, folded: folded,
      kernels: kernels.convolution)
  }

  /// The batch norm that follows a group's convolution, folded into it; nil if there is none.
  func foldedNorm(_ group: Group, _ tensors: StepTensors) -> FoldedNorm? {
    guard group.layers.count > 1, case .batchNorm(let attributes) = group.layers[1].node.operation else {
      return nil
    }
    return FoldedNorm(
      state: NormState(
        node: group.layers[1].node.name, attributes: attributes,
        channelStride: tensors.output.channelStride, parameters: parameters),
      hasReLU: group.layers.count > 2,
      weightCount: parameters.slot("\(group.first.node.name).weight").count)
  }
}
