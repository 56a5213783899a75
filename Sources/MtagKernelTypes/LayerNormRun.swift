/// Arguments of the layer norm loops. All strides are `stride` floats, a multiple of 16.
public struct LayerNormRun {
  /// Floats from one pixel to the next.
  public let stride: Int
  /// Channels that count.
  public let channels: Int
  /// Added to the variance.
  public let epsilon: Float
  /// `[pixels, stride]`
  public let x: UnsafePointer<Float>
  /// `[pixels, stride]`: written by the forward loop.
  public let y: UnsafeMutablePointer<Float>
  /// `[stride]`, zero past the channels.
  public let weight: UnsafePointer<Float>
  /// `[stride]`, zero past the channels.
  public let bias: UnsafePointer<Float>
  /// `[stride]`: 1 for a channel, zero past them.
  public let mask: UnsafePointer<Float>
  /// `[pixels, 2]`: mean and 1 / deviation, left by forward for backward.
  public let statistics: UnsafeMutablePointer<Float>
  /// `[pixels, stride]`: backward reads it.
  public let outputGradient: UnsafePointer<Float>
  /// `[pixels, stride]`: backward writes it, unless it is nil.
  public let inputGradient: UnsafeMutablePointer<Float>?
  /// `[2, stride]`: backward adds the gradients of bias and weight.
  public let sums: UnsafeMutablePointer<Float>

  /// Collects the arguments.
  public init(
    stride: Int, channels: Int, epsilon: Float, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, mask: UnsafePointer<Float>,
    statistics: UnsafeMutablePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>?, sums: UnsafeMutablePointer<Float>
  ) {
    self.stride = stride
    self.channels = channels
    self.epsilon = epsilon
    self.x = x
    self.y = y
    self.weight = weight
    self.bias = bias
    self.mask = mask
    self.statistics = statistics
    self.outputGradient = outputGradient
    self.inputGradient = inputGradient
    self.sums = sums
  }
}
