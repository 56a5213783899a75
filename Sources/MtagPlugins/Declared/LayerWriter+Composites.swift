import MtagGraph

/// Layers that stand for several nodes.
extension LayerWriter {
  /// Squeeze and excitation: each channel times a factor that two linear layers make of all channels' means. `hidden` is the
  /// first one's width, `reduction` how many times smaller than the channels it is; neither means as many.
  /// - Source: Hu et al., "Squeeze-and-excitation networks", 2018.
  mutating func writeSqueezeExcite(_ reader: AttributeReader, name: String, from value: Value) throws -> Value
  {
    let place = reader.layer.place
    let channels = value.shape.channels
    let reduction = try reader.integer("reduction", default: 1, in: 1...GraphLimits.channels)
    guard reader.layer.attributes["hidden"] == nil || reader.layer.attributes["reduction"] == nil else {
      throw DeclarationFault(place, "'squeeze_excite' takes hidden or reduction, not both")
    }
    guard channels.isMultiple(of: reduction) else {
      throw DeclarationFault(
        reader.place("reduction"),
        "\(channels) channels cannot be reduced \(reduction) times; use hidden: for any width")
    }
    let hidden = try reader.integer("hidden", default: channels / reduction, in: 1...GraphLimits.channels)
    let inner = try reader.word("inner", default: .relu, among: OperatorForm.activations)
    let gate = try reader.word("gate", default: .sigmoid, among: OperatorForm.activations)
    var x = try append("\(name).mean", .reduce(.init(.mean, over: .both)), [value], at: place)
    x = try append("\(name).fc1", .linear(features: hidden), [x], at: place)
    x = try append("\(name).inner", .activation(inner), [x], at: place)
    x = try append("\(name).fc2", .linear(features: channels), [x], at: place)
    x = try append("\(name).gate", .activation(gate), [x], at: place)
    return try append(name, .multiply, [value, x], at: place)
  }

  /// Multi-head self-attention with its projections, named as in PyTorch's `nn.MultiheadAttention`.
  mutating func writeAttention(_ reader: AttributeReader, name: String, from value: Value) throws -> Value {
    let place = reader.layer.place
    let channels = value.shape.channels
    let heads = try reader.integer("heads", default: 1, in: 1...GraphLimits.channels)
    guard channels.isMultiple(of: heads), channels <= GraphLimits.channels / 3 else {
      throw DeclarationFault(
        reader.place("heads"),
        "\(channels) channels cannot be shared by \(heads) heads; choose heads that divide them")
    }
    let bias = try reader.flag("bias", default: true)
    var x = try append("\(name).in_proj", .linear(features: 3 * channels, hasBias: bias), [value], at: place)
    x = try append(name, .attention(heads: heads), [x], at: place)
    return try append("\(name).out_proj", .linear(features: channels, hasBias: bias), [x], at: place)
  }

  /// A weighted mean over frames, with weights that a linear layer and a softmax make of each frame.
  mutating func writeAttentionPool(_ reader: AttributeReader, name: String, from value: Value) throws -> Value
  {
    let place = reader.layer.place
    var x = try append("\(name).score", .linear(features: 1), [value], at: place)
    x = try append("\(name).weights", .softmax(axis: .frames), [x], at: place)
    x = try append("\(name).weighted", .multiply, [value, x], at: place)
    return try append(name, .reduce(.init(.sum, over: .frames)), [x], at: place)
  }
}
