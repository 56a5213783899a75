import MtagCore

extension Operation {
  /// The shape of the output for an input shape.
  /// - Throws: `MtagError` (usage) if the input is too small or has the wrong form; `node` names the place.
  func outputShape(of input: TensorShape, node: String) throws -> TensorShape {
    var output = input
    switch self {
    case .convolution(let attributes):
      guard input.channels.isMultiple(of: attributes.groups) else {
        throw MtagError(
          .usage,
          "\(node): \(input.channels) input channels cannot be split into \(attributes.groups) groups; "
            + "choose groups that divide them")
      }
      let reach = attributes.reach
      output.bands = window(
        input.bands, reach.bands, attributes.stride.bands, attributes.padding.bands)
      output.frames = window(
        input.frames, reach.frames, attributes.stride.frames, attributes.padding.frames)
      output.channels = attributes.channels
    case .maxPool(let attributes):
      output.bands = window(input.bands, attributes.kernel.bands, attributes.stride.bands, 0)
      output.frames = window(input.frames, attributes.kernel.frames, attributes.stride.frames, 0)
    case .globalAveragePool:
      output.bands = 1
      output.frames = 1
    case .linear(let features):
      guard input.bands == 1, input.frames == 1 else {
        throw MtagError(
          .usage, "\(node): a linear layer needs a vector, not \(input); pool over bands and frames first")
      }
      output.channels = features
    case .batchNorm, .activation, .dropout: break
    }
    guard output.bands >= 1, output.frames >= 1, output.channels >= 1 else {
      throw MtagError(
        .usage, "\(node) (\(label)) has nothing left of an input of \(input); use more bands or frames")
    }
    guard let count = checkedProduct(output.bands, output.frames, output.channels),
      count <= GraphLimits.values
    else {
      throw MtagError(.usage, "\(node) (\(label)) gives \(output) values, more than any machine holds")
    }
    return output
  }

  /// Parameters of the operator for an input of `inputChannels` channels.
  func parameters(node: String, inputChannels: Int) -> [Parameter] {
    switch self {
    case .convolution(let attributes):
      let inputs = inputChannels / attributes.groups
      let fanIn = inputs * attributes.kernel.bands * attributes.kernel.frames
      let shape = [attributes.channels, inputs, attributes.kernel.bands, attributes.kernel.frames]
      let bound = 1 / Float(fanIn).squareRoot()
      return [Parameter("\(node).weight", shape, .uniform(bound))]
        + (attributes.hasBias ? [Parameter("\(node).bias", [attributes.channels], .uniform(bound))] : [])
    case .batchNorm:
      return [
        Parameter("\(node).weight", [inputChannels], .constant(1)),
        Parameter("\(node).bias", [inputChannels], .constant(0)),
        Parameter("\(node).running_mean", [inputChannels], .constant(0), isTrained: false),
        Parameter("\(node).running_var", [inputChannels], .constant(1), isTrained: false),
      ]
    case .linear(let features):
      let bound = 1 / Float(inputChannels).squareRoot()
      return [
        Parameter("\(node).weight", [features, inputChannels], .uniform(bound)),
        Parameter("\(node).bias", [features], .uniform(bound)),
      ]
    case .activation, .maxPool, .globalAveragePool, .dropout: return []
    }
  }

  /// Multiply-accumulates for one clip.
  /// - Throws: `MtagError` (usage) if their number is beyond 2⁶³.
  func multiplyAccumulates(input: TensorShape, output: TensorShape, node: String) throws -> Int {
    switch self {
    case .convolution(let attributes):
      let kernel = attributes.kernel
      let inputs = input.channels / attributes.groups
      guard let count = checkedProduct(output.count, inputs, kernel.bands, kernel.frames) else {
        throw MtagError(
          .usage, "\(node) (\(label)) of an input of \(input) takes more than 2⁶³ multiplications")
      }
      return count
    case .linear(let features): return input.channels * features
    case .batchNorm, .activation, .maxPool, .globalAveragePool, .dropout: return 0
    }
  }

  private func window(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int) -> Int {
    let room = size + 2 * padding - kernel
    return room < 0 ? 0 : room / stride + 1
  }
}
