/// One named tensor of weights, as a graph declares it. Names and shapes follow PyTorch's habits.
public struct Parameter: Hashable, Sendable, Codable {
  /// `block1.conv.weight`
  public let name: String
  /// Convolution `[out, in, bands, frames]`, linear `[out, in]`, vectors `[channels]`, learned tables `[bands, frames, channels]`.
  public let shape: [Int]
  /// How it starts.
  public let initializer: Initializer
  /// Whether the optimizer changes it; running statistics are not trained.
  public let isTrained: Bool

  /// How a tensor starts.
  public enum Initializer: Hashable, Sendable, Codable {
    /// Every element the same.
    case constant(Float)
    /// Uniform in ±bound: PyTorch's default for convolution and linear layers, 1 / √fan-in.
    case uniform(Float)
    /// Normal with this deviation, drawn again beyond twice of it.
    case normal(Float)
  }

  /// Declares a tensor.
  public init(_ name: String, _ shape: [Int], _ initializer: Initializer, isTrained: Bool = true) {
    self.name = name
    self.shape = shape
    self.initializer = initializer
    self.isTrained = isTrained
  }

  /// How many values it holds.
  public var count: Int { shape.reduce(1, *) }
}
