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
      guard let norm = group.norm, case .batchNorm(let attributes) = norm.node.operation else {
        preconditionFailure(name)
      }
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
        norm: norm(group, input: convolved))
    case (_, .convolution(let attributes)):
      return makeConvolution(group, attributes, tensors)
    case (.foldedBlock, .linear(let features, let hasBias)):
      return makeConvolution(
        group,
        Operation.Convolution(
          channels: features, kernel: .init(1, 1), stride: .init(1, 1), padding: .init(0, 0),
          hasBias: hasBias),
        tensors)
    case (_, .batchNorm(let attributes)) where output.channelStride == 1:
      return ThinNormStep(
        tensors,
        state: NormState(
          node: node, attributes: attributes,
          channelStride: attributes.axis == .bands ? input.shape.bands : 1, parameters: parameters),
        isPerBand: attributes.axis == .bands)
    case (_, .batchNorm(let attributes)) where attributes.axis == .bands:
      return BandNormStep(
        tensors,
        state: NormState(
          node: node, attributes: attributes, channelStride: input.shape.bands, parameters: parameters))
    case (_, .batchNorm):
      return NormStep(tensors, norm: norm(group, input: input))
    case (_, .activation), (_, .softmax), (_, .dropout), (_, .add), (_, .multiply), (_, .decibel):
      return makePointwise(group, at: position, tensors)
    case (_, .maxPool), (_, .averagePool), (_, .adaptivePool), (_, .globalAveragePool), (_, .reduce),
      (_, .concatenate), (_, .flatten), (_, .select):
      return makePool(group.first, tensors)
    case (_, .linear), (_, .layerNorm), (_, .recurrent), (_, .attention), (_, .tokens), (_, .positions),
      (_, .harmonicFilter):
      return try makeSequence(group.first, tensors)
    }
  }

  /// A batch norm and what runs with it.
  private func norm(_ group: Group, input: Tensor) -> NormLayer {
    guard let norm = group.norm, case .batchNorm(let attributes) = norm.node.operation else {
      preconditionFailure("\(group.first.node.name) has no batch norm")
    }
    return NormLayer(
      input,
      state: NormState(
        node: norm.node.name, attributes: attributes, channelStride: input.channelStride,
        parameters: parameters),
      activation: group.activation, hasPool: group.pool == .largest, isTrained: isTraining)
  }
}
