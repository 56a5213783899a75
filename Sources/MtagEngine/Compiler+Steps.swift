import MtagCore
import MtagGraph
import MtagKernelTypes

/// The step of each group.
extension Compiler {
  func makeStep(
    _ group: Group, at position: Int, _ tensors: StepTensors, convolved: Tensor?
  ) throws -> any Step {
    let (name, input, output) = (tensors.name, tensors.input, tensors.output)
    let node = group.first.node.name
    switch (group.kind, group.first.node.operation) {
    case (.firstBlock, _):
      let norm = group.layers[1]
      guard case .batchNorm(let attributes) = norm.node.operation else { preconditionFailure(name) }
      return FirstBlockStep(
        tensors,
        taps: parameters.slot("\(node).weight"),
        state: NormState(
          node: norm.node.name, attributes: attributes, channelStride: output.channelStride,
          parameters: parameters),
        normWeight: parameters.slot("\(norm.node.name).weight"),
        normBias: parameters.slot("\(norm.node.name).bias"))
    case (.trainedBlock, .convolution(let attributes)):
      guard let convolved else { preconditionFailure("\(name): its convolution has no memory") }
      return WinogradBlockStep(
        tensors, convolved: convolved, convolution: winograd(node, attributes, tensors, output: convolved),
        norm: norm(Array(group.layers.dropFirst()), input: convolved))
    case (.foldedBlock, .convolution(let attributes)) where isWinograd(attributes):
      guard let folded = foldedNorm(group, tensors) else { preconditionFailure(name) }
      return FoldedBlockStep(
        tensors, weights: parameters.slot("\(node).weight"),
        bias: attributes.hasBias ? parameters.slot("\(node).bias") : nil, folded: folded,
        ending: WinogradEnding(hasReLU: folded.hasReLU, hasPool: group.layers.count > 3),
        kernels: kernels.winograd)
    case (_, .batchNorm(let attributes)) where attributes.axis == .bands:
      return BandNormStep(
        tensors,
        state: NormState(
          node: node, attributes: attributes, channelStride: input.shape.bands, parameters: parameters))
    case (_, .batchNorm):
      return NormStep(tensors, norm: norm(group.layers, input: input))
    case (_, .convolution(let attributes)) where isWinograd(attributes):
      return WinogradStep(tensors, convolution: winograd(node, attributes, tensors, output: output))
    case (_, .convolution(let attributes)):
      return makeConvolution(group, attributes, tensors)
    case (_, .activation), (_, .softmax), (_, .dropout), (_, .add), (_, .multiply), (_, .decibel):
      return makePointwise(group.first, at: position, tensors)
    case (_, .maxPool), (_, .averagePool), (_, .adaptivePool), (_, .globalAveragePool), (_, .reduce),
      (_, .concatenate), (_, .flatten), (_, .select):
      return makePool(group.first, tensors)
    case (_, .linear), (_, .layerNorm), (_, .recurrent), (_, .attention), (_, .tokens), (_, .positions),
      (_, .harmonicFilter):
      return try makeSequence(group.first, tensors)
    }
  }

  private func winograd(
    _ node: String, _ attributes: Operation.Convolution, _ tensors: StepTensors, output: Tensor
  ) -> WinogradConvolution {
    WinogradConvolution(
      input: tensors.input, output: output, weights: parameters.slot("\(node).weight"),
      bias: attributes.hasBias ? parameters.slot("\(node).bias") : nil, isTrained: isTraining,
      hasInputGradient: tensors.inputGradient != nil, kernels: kernels.winograd)
  }

  /// A batch norm and what runs with it: ReLU, and after it a 2×2 pool.
  private func norm(_ layers: [Layer], input: Tensor) -> NormLayer {
    guard case .batchNorm(let attributes) = layers[0].node.operation else {
      preconditionFailure("\(layers[0].node.name) is not a batch norm")
    }
    return NormLayer(
      input,
      state: NormState(
        node: layers[0].node.name, attributes: attributes, channelStride: input.channelStride,
        parameters: parameters),
      hasReLU: layers.count > 1, hasPool: layers.count > 2, isTrained: isTraining)
  }
}
