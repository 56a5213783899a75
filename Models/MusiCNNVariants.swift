// musicnn-port and musicnn-big: see MusiCNN.swift.

public import MtagGraph

/// musicnn-port.
public enum MusiCNNPort: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "musicnn-port", summary: "MusiCNN in the order of its PyTorch port",
    source: "Won et al., 2020, arXiv 2006.00751", features: "sota-96", chunkFrames: 188)
  /// The port's order.
  public static func configure(_ network: inout MusiCNN) { network.order = .port }
}

/// musicnn-big.
public enum MusiCNNBig: ArchitectureVariant {
  /// What it is.
  public static let card = ArchitectureCard(
    name: "musicnn-big", summary: "MusiCNN with a wide middle", source: MusiCNN.source, features: "musicnn",
    chunkFrames: 187)
  /// The size of the weights that musicnn calls MSD_musicnn_big.
  public static func configure(_ network: inout MusiCNN) { (network.midWidth, network.hidden) = (512, 500) }
}
