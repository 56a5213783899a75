// panns-cnn6, -cnn10, -cnn14: the pretrained audio neural networks' plain CNNs: a norm of each mel band, blocks of
// convolutions and average pools, the mean over bands, maximum plus mean over time.
// Kong et al., "PANNs: large-scale pretrained audio neural networks for audio pattern recognition", 2020, arXiv
// 1912.10211; code audioset_tagging_cnn, whose names of weights they have.
// Input 64 × 1001 (10 s at 32 kHz); 16 frames at least, -cnn14 32. 50 labels:
//   panns-cnn6    4,592,754 parameters    9.93 G multiply-accumulates   (field guide: 4.59 M, 9.9 G)
//   panns-cnn10   4,974,578              13.02 G                        (4.97 M, 13.0 G)
//   panns-cnn14  79,776,242              20.04 G                        (79.8 M, 20.0 G)
// Deviations: the code's dropout behind the hidden layer touches its embedding alone and not its scores; ours has
// none. No random stripes within the network. The code's maps are [frames, bands]: `--init-axes frames-bands` reads
// its checkpoints.

public import MtagGraph

/// Blocks of equal convolutions with average pools.
public struct PANNsCNN: Architecture {
  /// Output channels of each block; the last is the hidden layer's width.
  public var widths = [64, 128, 256, 512]
  /// Bands and frames of each kernel.
  public var kernel = 3
  /// Convolutions of each block.
  public var convolutions = 2
  /// Blocks that end with a 2×2 average pool; the others have none.
  public var pooledBlocks = 4
  /// Share of each block's output that dropout zeroes in training.
  public var blockDropout: Float = 0.2
  /// The same of the pooled channels.
  public var dropout: Float = 0.5

  /// CNN10.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "panns-cnn10", summary: "nine 3×3 convolutions, average pools", source: source, features: "panns",
    chunkFrames: 1001)
  static let source = "Kong et al., 2020, arXiv 1912.10211"

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require("convolutions", [convolutions])
    var x = graph.bandNorm(graph.input, "bn0")
    for (index, width) in widths.enumerated() {
      let block = "conv_block\(index + 1)"
      for number in 1...convolutions {
        x = graph.convolution(x, "\(block).conv\(number)", channels: width, kernel: kernel, bias: false)
        x = graph.batchNorm(x, "\(block).bn\(number)")
        x = graph.relu(x, "\(block).relu\(number)")
      }
      if index < pooledBlocks { x = graph.averagePool(x, "\(block).pool", kernel: .init(2, 2)) }
      x = graph.dropout(x, "\(block).dropout", rate: blockDropout)
    }
    graph.pannsHead(x, hidden: widths[widths.count - 1], dropout: dropout, labels: labels)
  }
}

/// panns-cnn6.
public enum PANNsCNN6: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "panns-cnn6", summary: "four 5×5 convolutions, average pools", source: PANNsCNN.source,
    features: "panns", chunkFrames: 1001)
  /// One larger convolution a block.
  public static func configure(_ network: inout PANNsCNN) {
    (network.kernel, network.convolutions) = (5, 1)
  }
}

/// panns-cnn14.
public enum PANNsCNN14: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "panns-cnn14", summary: "twelve 3×3 convolutions, 80 M parameters", source: PANNsCNN.source,
    features: "panns", chunkFrames: 1001)
  /// Two more blocks, the last of which keeps its size.
  public static func configure(_ network: inout PANNsCNN) {
    network.widths = [64, 128, 256, 512, 1024, 2048]
    network.pooledBlocks = 5
  }
}
