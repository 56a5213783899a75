// musicnn, musicnn-port, musicnn-big: filters as high as timbres and as long as rhythms, side by side; a dense
// middle; pools over time.
// Pons et al., "End-to-end learning for music audio tagging at scale", ISMIR 2018, arXiv 1711.02520; Pons and Serra,
// "musicnn", 2019, arXiv 1909.06654; code jordipons/musicnn. The port is that of sota-music-tagging-models (Won et
// al., 2020, arXiv 2006.00751), whose names of weights all three have.
// Input 96 × 187 (3 s), the port 96 × 188. 50 labels:
//   musicnn        787,159 parameters   1.40 G multiply-accumulates
//   musicnn-port   784,300              1.20 G   (field guide: 784 k, 1.20 G)
//   musicnn-big  7,980,235              2.40 G   (field guide: 7.97 M, which is the port's order at this size)
// The original has more than the port's 784 k because of the norm of the pooled vector, and less because its temporal
// filters are one frame shorter.
// Deviations: running statistics move by 0.1 of each batch's, TensorFlow's by 0.01. Timbral filters are 0.4 and 0.7
// of the bands there are. Its code's maps are [frames, bands], the port's [bands, frames].

public import MtagGraph

/// MusiCNN in its original order or the port's.
public struct MusiCNN: Architecture {
  /// What stands where.
  public enum Order: String, Codable, Sendable {
    /// Convolution, ReLU, norm; temporal filters run over each band, of which the largest is taken; the pooled vector is normalised.
    case original
    /// Convolution, norm, ReLU; temporal filters run over the mean of all bands.
    case port
  }

  /// What stands where.
  public var order = Order.original
  /// Channels of each of the two timbral filters.
  public var timbralFilters = 204
  /// Channels of each temporal filter.
  public var temporalFilters = 51
  /// Frames of the temporal filters; the port's have one more each.
  public var temporalLengths = [128, 64, 32]
  /// Channels of each of the three layers in the middle.
  public var midWidth = 64
  /// Width of the hidden linear layer.
  public var hidden = 200
  /// Share of values that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The original's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "musicnn", summary: "timbral and temporal filters side by side", source: source,
    features: "musicnn",
    chunkFrames: 187)
  static let source = "Pons and Serra, 2019, arXiv 1909.06654"

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("temporalLengths", temporalLengths)
    let isPort = order == .port
    let input = norm(&graph, graph.input, "spec_bn")
    let heights = [0.4, 0.7].map { Int($0 * Double(graph.inputBands)) }
    var front: [GraphBuilder.Value] = []
    for (index, height) in (isPort ? heights.reversed() : heights).enumerated() {
      let layer = "layers.\(index)"
      var x = graph.convolution(
        input, "\(layer).conv", channels: timbralFilters, kernel: .init(height, 7), padding: .init(0, 3))
      x = normalised(&graph, x, layer)
      front.append(graph.reduce(x, "\(layer).mp", .max, over: .bands))
    }
    let rhythm = isPort ? graph.reduce(input, "mean", .mean, over: .bands) : input
    for (index, length) in temporalLengths.enumerated() {
      let layer = "layers.\(index + 2)"
      let frames = isPort ? length + 1 : length
      // TensorFlow's "same": of an odd number of zeros the last one stands behind.
      let before = (frames - 1) / 2
      var x = graph.convolution(
        rhythm, "\(layer).conv", channels: temporalFilters, kernel: .init(1, frames),
        padding: .init(0, before),
        extraPadding: .init(0, frames - 1 - 2 * before))
      x = normalised(&graph, x, layer)
      front.append(isPort ? x : graph.reduce(x, "\(layer).mp", .max, over: .bands))
    }
    let wide = graph.concatenate("front", front, along: .channels)
    var middle: [GraphBuilder.Value] = []
    for number in 1...3 {
      let layer = "layer\(number)"
      var x = graph.convolution(
        middle.last ?? wide, "\(layer).conv", channels: midWidth, kernel: .init(1, 7))
      x = normalised(&graph, x, layer)
      middle.append(middle.last.map { graph.add("\(layer).sum", x, $0) } ?? x)
    }
    let dense = graph.concatenate("dense", [wide] + middle, along: .channels)
    let pools = [
      graph.reduce(dense, "mp", .max, over: .frames), graph.reduce(dense, "avgp", .mean, over: .frames),
    ]
    var x = graph.concatenate("pool", pools, along: .channels)
    if isPort { return graph.hiddenHead(x, hidden: hidden, dropout: dropout, labels: labels) }
    x = norm(&graph, x, "bn_flat")
    x = graph.dropout(x, "dropout_flat", rate: dropout)
    x = graph.linear(x, "dense1", features: hidden)
    x = graph.relu(x, "relu")
    x = norm(&graph, x, "bn")
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "dense2", features: labels)
  }

  /// ReLU and a norm in the order of the configuration.
  private func normalised(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ layer: String
  ) -> GraphBuilder.Value {
    order == .port
      ? graph.relu(norm(&graph, x, "\(layer).bn"), "\(layer).relu")
      : norm(&graph, graph.relu(x, "\(layer).relu"), "\(layer).bn")
  }

  /// A batch norm with PyTorch's epsilon in the port and TensorFlow's in the original.
  private func norm(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ name: String
  ) -> GraphBuilder.Value {
    graph.append(name, .batchNorm(.init(epsilon: order == .port ? 1e-5 : 1e-3)), x)
  }
}
