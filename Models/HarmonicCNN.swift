// harmonic-cnn: band filters on the harmonics of 128 notes, whose width is learned; a channel for each harmonic;
// residual units.
// Won et al., "Data-driven harmonic filters for audio representation learning", ICASSP 2020; sizes and names of
// weights of sota-music-tagging-models (Won et al., 2020, arXiv 2006.00751).
// Input: power spectra of 512 samples at 16 kHz, 257 × 313 (5 s); 288 frames at least. 50 labels: 3,631,551
// parameters (field guide: 3.63 M), 4.30 G multiply-accumulates, 0.06 G of them for the filters (4.24 G without).

public import MtagGraph

/// Learned harmonic filters and a residual network.
public struct HarmonicCNN: Architecture {
  /// Output channels of the first four blocks; the last three have twice as many.
  public var width = 128
  /// The filters.
  public var filters = Operation.HarmonicFilter()
  /// Share of values that dropout zeroes in front of the last layer in training.
  public var dropout: Float = 0.5

  /// The paper's configuration.
  public init() {}

  /// What it is.
  public static let card = ArchitectureCard(
    name: "harmonic-cnn", summary: "learned harmonic filters, then residual units",
    source: "Won et al., 2020, Data-driven harmonic filters", features: "stft-power", chunkFrames: 313)

  /// Writes the network.
  public func build(_ graph: inout GraphBuilder, labels: Int) throws {
    try graph.require("width", [width])
    let two = Operation.Extent(2, 2)
    var x = graph.append("hstft", .harmonicFilter(filters), graph.input)
    x = graph.append("hstft_db", .decibel(floor: 1e-10), x)
    x = graph.batchNorm(x, "hstft_bn")
    x = graph.convolutionUnit(x, "layer1", channels: width, pool: two)
    for layer in 2...4 {
      x = graph.pooledResidualUnit(x, "layer\(layer)", channels: width, pool: two)
    }
    x = graph.convolutionUnit(x, "layer5", channels: 2 * width, pool: two)
    for layer in 6...7 {
      x = graph.pooledResidualUnit(x, "layer\(layer)", channels: 2 * width, pool: .init(2, 3))
    }
    x = graph.reduce(x, "peak", .max, over: .both)
    graph.hiddenHead(x, hidden: 2 * width, dropout: dropout, labels: labels)
  }
}
