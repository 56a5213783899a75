/// What the outputs of an ONNX file are for one clip.
public struct ONNXRun: Codable, Hashable, Sendable {
  /// The clip.
  public var path: String
  /// Its length in seconds.
  public var seconds: Double
  /// Frames that went through the network at once.
  public var frames: Int
  /// Every output by its name.
  public var outputs: [String: Output]

  /// The value of an output.
  public struct Output: Codable, Hashable, Sendable {
    /// `[batch, …]`: one item for a network that takes the whole clip, else one for each of the evenly spaced chunks that cover it.
    public var shape: [Int]
    /// The values, row-major.
    public var values: [Float]
  }
}
