// musicnn-vgg: the plain network that musicnn compares itself with.
// Pons and Serra, "musicnn: pre-trained convolutional neural networks for music audio tagging", 2019, arXiv
// 1909.06654; code jordipons/musicnn, `vgg`.
// Input 96 × 187 (3 s); 96 bands and 130 frames at least. 50 labels: 605,748 parameters (field guide: 606 k), 0.89 G
// multiply-accumulates (0.89 G).
// Deviations: the last layer slides over the map, and its outputs are averaged; at 187 frames there is one. Its
// weights stand as [labels, channels, bands, frames]. Running statistics move by 0.1 of each batch's, TensorFlow's by
// 0.01. The code's maps are [frames, bands].

public import MtagGraph

/// Five blocks of convolution, ReLU, norm and pool, and a layer over the whole map.
public struct MusicnnVGG: Architecture {
  /// Output channels of each block.
  public var width = 128
  /// Share of each pooled map that dropout zeroes in training, but for the last.
  public var dropout: Float = 0.25
  /// The same of the last map.
  public var lastDropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "musicnn-vgg", summary: "five 3×3 blocks and a layer over the whole map",
    source: "Pons and Serra, 2019, arXiv 1909.06654", features: "musicnn", chunkFrames: 187)

  private static let pools: [(window: Operation.Extent, stride: Int)] = [
    (.init(1, 4), 2), (.init(2, 2), 2), (.init(2, 2), 2), (.init(2, 2), 2), (.init(4, 4), 4),
  ]

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    let norm = Operation.batchNorm(.init(epsilon: 1e-3))
    var x = graph.append("bn0", norm, graph.input)
    for (index, pool) in Self.pools.enumerated() {
      let number = index + 1
      x = graph.convolution(x, "conv\(number)", channels: width, kernel: 3)
      x = graph.relu(x, "relu\(number)")
      x = graph.append("bn\(number)", norm, x)
      x = graph.maxPool(
        x, "pool\(number)", kernel: pool.window, stride: .init(pool.stride, pool.stride))
      x = graph.dropout(
        x, "dropout\(number)", rate: number < Self.pools.count ? dropout : lastDropout)
    }
    // The bands that the pools leave, by the frames that they make of three seconds.
    let map = Operation.Extent((graph.inputBands + 1) / 2 / 32, 2)
    x = graph.convolution(x, "output", channels: labels, kernel: map, padding: .init(0, 0))
    _ = graph.globalAveragePool(x, "logits")
  }
}
