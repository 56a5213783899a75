// vggish: VGG-11 with three linear layers, over patches of 0.96 s.
// Hershey et al., "CNN architectures for large-scale audio classification", ICASSP 2017, arXiv 1609.09430; code
// tensorflow/models, research/audioset/vggish.
// Input 64 × 96; 96 frames at least. 50 labels: 72,147,634 parameters, 72,141,184 of them in front of the last layer
// (field guide: 72.1 M); 0.86 G multiply-accumulates (0.86 G).
// Deviations: the published network ends with the embedding, 128 values; ours adds ReLU and one linear layer, as its
// training demonstration does with one more in between. Longer inputs are read patch by patch and the embeddings
// averaged after ReLU. The first linear layer is written as a convolution over a patch, its weights as [hidden,
// channels, bands, frames]. Names are those of torchvggish. The code's maps are [frames, bands]: `--init-axes
// frames-bands` reads its checkpoints but for embeddings.0, whose inputs stand there in another order and in one row.

public import MtagGraph

/// Six convolutions and three linear layers.
public struct VGGish: Architecture {
  /// Output channels of each block; a max pool follows each.
  public var widths = [64, 128, 256, 512]
  /// Convolutions of each block.
  public var convolutions = [1, 1, 2, 2]
  /// Frames of a patch.
  public var patchFrames = 96
  /// Width of the first two linear layers.
  public var hidden = 4096
  /// Width of the embedding.
  public var embedding = 128

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "vggish", summary: "VGG-11 over patches of 0.96 s, 72 M parameters",
    source: "Hershey et al., 2017, arXiv 1609.09430", features: "vggish", chunkFrames: 96)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require("patchFrames", [patchFrames])
    try graph.require(
      "convolutions", rows: convolutions.map { [$0] }, columns: ["number"], count: widths.count)
    var x = graph.input
    var place = 0
    for (width, count) in zip(widths, convolutions) {
      for _ in 0..<count {
        x = graph.convolution(x, "features.\(place)", channels: width, kernel: 3)
        x = graph.relu(x, "features.\(place + 1)")
        place += 2
      }
      x = graph.maxPool(x, "features.\(place)", size: 2)
      place += 1
    }
    let patch = Operation.Extent(graph.inputBands >> widths.count, patchFrames >> widths.count)
    x = graph.convolution(
      x, "embeddings.0", channels: hidden, kernel: patch, stride: .init(1, patch.frames), padding: .init(0, 0)
    )
    x = graph.relu(x, "embeddings.1")
    x = graph.linear(x, "embeddings.2", features: hidden)
    x = graph.relu(x, "embeddings.3")
    x = graph.linear(x, "embeddings.4", features: embedding)
    x = graph.relu(x, "embeddings.5")
    x = graph.globalAveragePool(x, "average")
    _ = graph.linear(x, "logits", features: labels)
  }
}
