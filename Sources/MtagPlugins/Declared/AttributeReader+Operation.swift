import MtagCore
import MtagGraph

/// What each layer's attributes mean as an operator.
extension AttributeReader {
  private static let axes = Dictionary(
    uniqueKeysWithValues: Operation.Axis.allCases.map { ($0.rawValue, $0) })

  /// The operator of a layer that reads one value.
  func operation(input: TensorShape) throws -> Operation {
    if let activation = OperatorForm.activations[layer.kind] { return .activation(activation) }
    switch layer.kind {
    case "conv": return try convolution(input: input, isDepthwise: false)
    case "depthwise": return try convolution(input: input, isDepthwise: true)
    case "batch_norm":
      return .batchNorm(
        .init(
          epsilon: try number("epsilon", default: 1e-5), momentum: try number("momentum", default: 0.1),
          axis: try word("axis", default: .channels, among: ["channels": .channels, "bands": .bands]),
          hasScale: try flag("scale", default: true)))
    case "layer_norm": return .layerNorm(epsilon: try number("epsilon", default: 1e-5))
    case "softmax": return .softmax(axis: try word("axis", default: .channels, among: Self.axes))
    case "max_pool": return .maxPool(try pool())
    case "average_pool": return .averagePool(try pool())
    case "adaptive_pool":
      return .adaptivePool(
        .init(
          function: try word("function", default: .mean, among: ["mean": .mean, "max": .max]),
          output: try extent("size", default: .init(1, 1), from: 1)))
    case "mean":
      let range = try range()
      return range == .both ? .globalAveragePool : .reduce(.init(.mean, over: range))
    case "max": return .reduce(.init(.max, over: try range()))
    case "sum": return .reduce(.init(.sum, over: try range()))
    case "dropout": return .dropout(rate: try number("rate", default: 0))
    case "linear":
      return .linear(
        features: try integer("features", default: 1, in: 1...GraphLimits.channels),
        hasBias: try flag("bias", default: true))
    case "flatten":
      return .flatten(
        try word(
          "into", default: .bandsIntoChannels,
          among: ["channels": .bandsIntoChannels, "frames": .bandsIntoFrames]))
    case "select":
      return .select(frame: try integer("frame", default: 0, in: -GraphLimits.frames...GraphLimits.frames))
    case "tokens": return .tokens(count: try integer("count", default: 1, in: 1...GraphLimits.extent))
    case "positions": return .positions(try extent("size", default: .init(1, 1), from: 1))
    case "gru", "lstm": return .recurrent(try recurrent())
    case "attention_core":
      return .attention(heads: try integer("heads", default: 1, in: 1...GraphLimits.channels))
    case "harmonic_filter": return .harmonicFilter(try harmonicFilter())
    case "decibel": return .decibel(floor: try number("floor", default: 1e-10))
    default: throw DeclarationFault(layer.place, "'\(layer.kind)' is no layer of one value")
    }
  }

  /// The operator of a layer that reads several values.
  func joining(_ kind: String) throws -> Operation {
    switch kind {
    case "add": .add
    case "multiply": .multiply
    default: .concatenate(axis: try word("axis", default: .channels, among: Self.axes))
    }
  }

  private func convolution(input: TensorShape, isDepthwise: Bool) throws -> Operation {
    let one = Operation.Extent(1, 1)
    let kernel = try extent("kernel", default: one, from: 1)
    let dilation = try extent("dilation", default: one, from: 1)
    let reach = Operation.Extent(
      dilation.bands * (kernel.bands - 1) + 1, dilation.frames * (kernel.frames - 1) + 1)
    let (padding, extra) = try padding(reach)
    let limit = 1...GraphLimits.channels
    var channels = try integer("channels", default: 1, in: limit)
    var groups = try integer("groups", default: 1, in: limit)
    if isDepthwise {
      groups = input.channels
      channels = input.channels * (try integer("multiplier", default: 1, in: limit))
    }
    return .convolution(
      .init(
        channels: channels, kernel: kernel, stride: try extent("stride", default: one, from: 1),
        padding: padding,
        extraPadding: extra, dilation: dilation, groups: groups, hasBias: try flag("bias", default: true)))
  }

  private func pool() throws -> Operation.Pool {
    let none = Operation.Extent(0, 0)
    let kernel = try extent("kernel", default: .init(1, 1), from: 1)
    return .init(
      kernel: kernel, stride: try extent("stride", default: kernel, from: 1),
      padding: try extent("padding", default: none, from: 0),
      countsPadding: try flag("counts_padding", default: true))
  }

  private func range() throws -> Operation.Reduction.Range {
    try word("over", default: .both, among: ["bands": .bands, "frames": .frames, "both": .both])
  }

  private func recurrent() throws -> Operation.Recurrent {
    .init(
      layer.kind == "gru" ? .gru : .lstm,
      hidden: try integer("hidden", default: 1, in: 1...GraphLimits.channels / 2),
      layers: try integer("layers", default: 1, in: 1...64),
      isBidirectional: try flag("bidirectional", default: false))
  }

  private func harmonicFilter() throws -> Operation.HarmonicFilter {
    let standard = Operation.HarmonicFilter()
    return .init(
      sampleRateHz: try integer("sample_rate", default: standard.sampleRateHz, in: 1...1_000_000),
      harmonics: try integer("harmonics", default: standard.harmonics, in: 1...64),
      lowestHz: try number("lowest_hz", default: standard.lowestHz),
      bands: try integer("bands", default: standard.bands, in: 1...4096),
      bandsPerSemitone: try integer("bands_per_semitone", default: standard.bandsPerSemitone, in: 1...100))
  }
}
