// cnn4-s, -m, -l: cnn4 for short chunks, in three sizes. A norm of the input, four blocks of 3×3 convolution, batch
// norm, ReLU and 2×2 max pool, the mean over bands, the maximum plus the mean over frames, one linear layer.
// Our own proposal; the head is PANNs'. Kong et al., "PANNs", 2020, arXiv 1912.10211.
// Input and size, 10 labels:   -s 64 × 128    98,684 parameters   29.5 M multiply-accumulates
//                              -m 128 × 231  241,900             344.7 M
//                              -l 64 × 128  1,555,916            457.7 M
// as the field guide has them (98.7 k, 242 k, 1.56 M; 29 M, 345 M, 458 M).

public import MtagGraph

/// Four blocks of convolution and pooling with one linear layer.
public struct CNN4Sized: Architecture {
  /// Output channels of each block; their number is the depth.
  public var widths = [16, 32, 64, 128]
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0.2

  /// The small one.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "cnn4-s", summary: "cnn4 for short chunks, 0.1 M parameters", source: source,
    features: "melspec(bands=64)",
    chunkFrames: 128)
  fileprivate static let source = "mtag-zoo; head of PANNs (Kong et al., 2020)"

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    var x = graph.batchNorm(graph.input, "norm")
    for (index, width) in widths.enumerated() {
      let block = "block\(index + 1)"
      x = graph.convolution(x, "\(block).conv", channels: width, kernel: 3, bias: false)
      x = graph.batchNorm(x, "\(block).norm")
      x = graph.relu(x, "\(block).relu")
      x = graph.maxPool(x, "\(block).pool", size: 2)
    }
    x = graph.reduce(x, "mean", .mean, over: .bands)
    let peak = graph.reduce(x, "peak", .max, over: .frames)
    let average = graph.reduce(x, "average", .mean, over: .frames)
    x = graph.add("pool", peak, average)
    x = graph.dropout(x, "dropout", rate: dropout)
    _ = graph.linear(x, "logits", features: labels)
  }
}

/// cnn4-m.
public enum CNN4Medium: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "cnn4-m", summary: "cnn4 for short chunks, 0.24 M parameters", source: CNN4Sized.source,
    features: "sota-128", chunkFrames: 231)
  /// Wider, but not at the end.
  public static func configure(_ network: inout CNN4Sized) { network.widths = [32, 64, 128, 128] }
}

/// cnn4-l.
public enum CNN4Large: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "cnn4-l", summary: "cnn4 for short chunks, 1.6 M parameters", source: CNN4Sized.source,
    features: "melspec(bands=64)", chunkFrames: 128)
  /// Four times as wide as the small one.
  public static func configure(_ network: inout CNN4Sized) { network.widths = [64, 128, 256, 512] }
}
