import MtagGraph
import MtagKernelTypes

extension Compiler {
  /// The step of a convolution; in inference with the batch norm, the activation and the pool that follow it.
  func makeConvolution(
    _ group: Group, _ attributes: Operation.Convolution, _ tensors: StepTensors
  ) -> any Step {
    let node = group.first.node.name
    let weights = parameters.slot("\(node).weight")
    let bias = attributes.hasBias ? parameters.slot("\(node).bias") : nil
    let folded = isTraining ? nil : foldedNorm(group, tensors)
    switch (group.way, isTraining) {
    case (.winograd, true):
      return WinogradStep(tensors, convolution: winograd(node, attributes, tensors, output: tensors.output))
    case (.winograd, false):
      return FoldedBlockStep(
        tensors, weights: weights, bias: bias, folded: folded,
        ending: WinogradEnding(activation: group.activation, pool: group.pool),
        kernel: attributes.kernel.bands,
        kernels: kernels.winograd)
    case (.rowWinograd, _):
      return RowWinogradStep(
        tensors, weights: weights, bias: bias, folded: folded, activation: group.activation,
        kernels: kernels.rowWinograd)
    case (.patches, _):
      let isDepthwise =
        attributes.groups > 1 && attributes.groups == attributes.channels
        && attributes.groups == tensors.input.shape.channels
      if isDepthwise {
        return DepthwiseStep(
          tensors, attributes: attributes, weights: weights, bias: bias, folded: folded,
          activation: group.activation, kernels: kernels.depthwise)
      }
      return ConvolutionStep(
        tensors, attributes: attributes, weights: weights, bias: bias, folded: folded,
        activation: group.activation, kernels: kernels.convolution)
    }
  }

  /// A convolution by Winograd's kernels with its gradients.
  func winograd(
    _ node: String, _ attributes: Operation.Convolution, _ tensors: StepTensors, output: Tensor
  ) -> WinogradConvolution {
    WinogradConvolution(
      input: tensors.input, output: output, weights: parameters.slot("\(node).weight"),
      bias: attributes.hasBias ? parameters.slot("\(node).bias") : nil, isTrained: isTraining,
      hasInputGradient: tensors.inputGradient != nil, kernels: kernels.winograd)
  }

  /// The batch norm that follows a group's convolution, folded into it; nil if there is none.
  private func foldedNorm(_ group: Group, _ tensors: StepTensors) -> FoldedNorm? {
    guard let norm = group.norm, case .batchNorm(let attributes) = norm.node.operation else { return nil }
    return FoldedNorm(
      state: NormState(
        node: norm.node.name, attributes: attributes, channelStride: tensors.output.channelStride,
        parameters: parameters),
      weightCount: parameters.slot("\(group.first.node.name).weight").count)
  }
}
