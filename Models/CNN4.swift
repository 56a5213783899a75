// cnn4: four blocks of 3×3 convolution, batch norm, ReLU and 2×2 max pool over a log-mel spectrogram.
// The network of the genre study that mtag-zoo grew out of, and the reference that its peers are timed with.
// Input [batch, bands, frames, 1]; 16 frames and 16 bands at least. 0.42 M parameters for 10 labels.

import MtagCore
public import MtagGraph

/// The reference CNN: blocks of convolution, batch norm, ReLU and pooling, then a two-layer head.
public struct CNN4: Architecture {
  /// Output channels of each block; their number is the depth.
  public var widths = [32, 64, 128, 256]
  /// Width of the hidden linear layer.
  public var hidden = 128
  /// Share of pooled channels that dropout zeroes in training.
  public var dropout: Float = 0.3

  /// The study's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "cnn4", summary: "four conv-norm-ReLU-pool blocks, the study's network",
    source: "mtag-zoo; blocks as in common log-mel CNN taggers")

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    guard !widths.isEmpty, widths.allSatisfy({ $0 >= 1 }), hidden >= 1 else {
      throw MtagError(
        .usage, "cnn4: widths \(widths) and hidden \(hidden) must be positive and at least one block")
    }
    guard (0..<1).contains(dropout) else {
      throw MtagError(.usage, "cnn4: dropout \(dropout) must be in 0 ..< 1")
    }
    var x = graph.input
    for (index, width) in widths.enumerated() {
      let block = "block\(index + 1)"
      x = graph.convolution(x, "\(block).conv", channels: width, kernel: 3, bias: false)
      x = graph.batchNorm(x, "\(block).norm")
      x = graph.relu(x, "\(block).relu")
      x = graph.maxPool(x, "\(block).pool", size: 2)
    }
    x = graph.globalAveragePool(x, "pool")
    x = graph.dropout(x, "dropout", rate: dropout)
    x = graph.linear(x, "hidden", features: hidden)
    x = graph.relu(x, "hidden.relu")
    _ = graph.linear(x, "logits", features: labels)
  }
}
