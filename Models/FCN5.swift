// fcn5: the five-layer fully convolutional network with ELU, as its Keras code has it.
// Choi et al., "Automatic tagging using deep convolutional neural networks", ISMIR 2016, arXiv 1606.00298; code
// keunwoochoi/music-auto_tagging-keras.
// Input 96 × 1366 (29.1 s at 12 kHz); 96 bands and 1280 frames at least. 50 labels: 863,218 parameters, 850,368 of
// them in front of the last layer, which is the number that its README prints; 1.00 G multiply-accumulates.
// Deviations: frames beyond one map of the last pool are averaged. The later code's norm of each input frame is left
// out: it would fix their number, and the README's table has none.

public import MtagGraph

/// Five blocks of convolution, batch norm, ELU, pool and dropout.
public struct FCN5: Architecture {
  /// Output channels of each block.
  public var widths = [32, 128, 128, 192, 256]
  /// Bands and frames of each block's pool.
  public var pools = [[2, 4], [2, 4], [2, 4], [3, 5], [4, 4]]
  /// Share of each block's output that dropout zeroes in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "fcn5", summary: "five conv-norm-ELU-pool blocks over half a minute",
    source: "Choi et al., 2016, arXiv 1606.00298, Keras code", features: "keras-fcn", chunkFrames: 1366)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("widths", widths)
    try graph.require("pools", rows: pools, columns: ["bands", "frames"], count: widths.count)
    var x = graph.input
    for (index, (width, pool)) in zip(widths, pools).enumerated() {
      let number = index + 1
      x = graph.convolution(x, "conv\(number)", channels: width, kernel: 3)
      x = graph.batchNorm(x, "bn\(number)")
      x = graph.activation(x, "elu\(number)", .elu)
      x = graph.maxPool(x, "pool\(number)", kernel: .init(pool[0], pool[1]))
      x = graph.dropout(x, "dropout\(number)", rate: dropout)
    }
    x = graph.globalAveragePool(x, "average")
    _ = graph.linear(x, "output", features: labels)
  }
}
