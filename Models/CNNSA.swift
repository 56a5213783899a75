// cnnsa: residual convolutions make a sequence that two transformer layers read; a class token decides.
// Won et al., "Toward interpretable music tagging with self-attention", 2019, arXiv 1906.04972; code
// sota-music-tagging-models (Won et al., 2020, arXiv 2006.00751), whose names of weights it has.
// Input 128 × 938 (15 s at 16 kHz), 118 steps; up to 128 bands. 50 labels: 10,521,908 parameters (field guide: about
// 10.5 M), 13.4 G multiply-accumulates.
// Deviations: the class token is learned, which makes 256 parameters more; the code draws it once and keeps it.
// Attention weights have no dropout, the code's 0.5.

public import MtagGraph

/// Residual convolutions and a transformer.
public struct CNNSA: Architecture {
  /// Output channels of each residual unit; the last is the transformer's width.
  public var widths = [128, 128, 256, 256, 256, 256, 256]
  /// Each unit's stride along frames; along bands it is 2.
  public var frameStrides = [2, 2, 2, 1, 1, 1, 1]
  /// Transformer layers.
  public var layers = 2
  /// Attention heads.
  public var heads = 8
  /// Width of each layer's hidden linear layer.
  public var feedForward = 1024
  /// Share of values that dropout zeroes in the transformer in training.
  public var layerDropout: Float = 0.4
  /// The same in front of the last layer.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "cnnsa", summary: "residual convolutions, then self-attention",
    source: "Won et al., 2019, arXiv 1906.04972", features: "sota-128", chunkFrames: 938)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require(
      "frameStrides", rows: frameStrides.map { [$0] }, columns: ["stride"], count: widths.count)
    try graph.require("layers", [layers])
    var x = graph.batchNorm(graph.input, "spec_bn")
    for (index, (width, stride)) in zip(widths, frameStrides).enumerated() {
      x = graph.stridedResidualUnit(x, "layer\(index + 1)", channels: width, stride: .init(2, stride))
    }
    let width = widths[widths.count - 1]
    x = graph.append("vec_cls", .tokens(count: 1), x)
    for index in 0..<layers { x = layer(&graph, x, "encoder.layer.\(index)", width: width) }
    x = graph.append("first", .select(frame: 0), x)
    x = graph.linear(x, "pooler.dense", features: width)
    x = graph.activation(x, "pooler.activation", .tanh)
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "dense", features: labels)
  }

  /// BERT's layer: attention and two linear layers, each added to what it read, then normalised.
  private func layer(
    _ graph: inout GraphBuilder, _ x: GraphBuilder.Value, _ name: String, width: Int
  ) -> GraphBuilder.Value {
    let norm = Operation.layerNorm(epsilon: 1e-12)
    let attention = "\(name).attention"
    let parts = ["query", "key", "value"].map {
      graph.linear(x, "\(attention).self.\($0)", features: width)
    }
    var y = graph.concatenate("\(attention).self.stack", parts, along: .channels)
    y = graph.append("\(attention).self.product", .attention(heads: heads), y)
    y = graph.linear(y, "\(attention).output.dense", features: width)
    y = graph.dropout(y, "\(attention).output.dropout", rate: layerDropout)
    y = graph.add("\(attention).output.sum", x, y)
    let middle = graph.append("\(attention).output.LayerNorm", norm, y)
    y = graph.linear(middle, "\(name).intermediate.dense", features: feedForward)
    y = graph.activation(y, "\(name).intermediate.gelu", .gelu)
    y = graph.linear(y, "\(name).output.dense", features: width)
    y = graph.dropout(y, "\(name).output.dropout", rate: layerDropout)
    y = graph.add("\(name).output.sum", middle, y)
    return graph.append("\(name).output.LayerNorm", norm, y)
  }
}
