import MtagCore
import MtagGraph

/// What `bench convolution` measures; sizes are texts such as `5x5` (bands × frames).
public struct ConvolutionBenchOptions: Sendable {
  /// `bands x frames x channels`
  public var input = "128x646x32"
  /// Output channels.
  public var channels = 64
  /// `bands x frames`
  public var kernel = "3x3"
  /// `bands x frames`
  public var stride = "1x1"
  /// `bands x frames`; nil keeps the size of the input at stride 1 and odd kernels.
  public var padding: String?
  /// `bands x frames`
  public var dilation = "1x1"
  /// Groups of channels; as many as input channels make a depthwise convolution.
  public var groups = 1
  /// Whether backward computes the gradient of the input too; a network's first layer need not.
  public var hasInputGradient = true
  /// Clips in a batch.
  public var batchSize = 1
  /// Threads.
  public var threads = 1
  /// Measurements.
  public var repeats = 5

  /// The default measurement.
  public init() {}

  /// The sizes of the input, with the batch.
  func inputShape() throws -> TensorShape {
    let sizes = try Self.sizes("input", input, count: 3)
    return TensorShape(batch: batchSize, bands: sizes[0], frames: sizes[1], channels: sizes[2])
  }

  /// The operator.
  func attributes() throws -> Operation.Convolution {
    func extent(_ name: String, _ text: String) throws -> Operation.Extent {
      let sizes = try Self.sizes(name, text, count: 2)
      return .init(sizes[0], sizes[1])
    }
    let (kernel, dilation) = (try extent("kernel", kernel), try extent("dilation", dilation))
    return Operation.Convolution(
      channels: channels, kernel: kernel, stride: try extent("stride", stride),
      padding: try padding.map { try extent("padding", $0) }
        ?? .init(kernel.bands / 2 * dilation.bands, kernel.frames / 2 * dilation.frames),
      dilation: dilation, groups: groups, hasBias: false)
  }

  /// Refuses values that cannot work.
  /// - Throws: `MtagError` (usage) naming the first value out of range.
  func validate() throws {
    try BenchOptions.check("batch size", batchSize, in: 1...65_536)
    let shape = try inputShape()
    let values = checkedProduct(shape.batch, shape.bands, shape.frames, shape.channels) ?? Int.max
    try BenchOptions.check("input values", values, in: 1...1 << 31)
    try BenchOptions.check("channels", channels, in: 1...1 << 16)
    let kernel = try Self.sizes("kernel", kernel, count: 2)
    let weights = checkedProduct(channels, shape.channels, kernel[0], kernel[1]) ?? Int.max
    try BenchOptions.check("channels × input channels × kernel", weights, in: 1...1 << 28)
    try BenchOptions.check(threads: threads, repeats: repeats)
  }

  private static func sizes(_ name: String, _ text: String, count: Int) throws -> [Int] {
    let parts = text.split(omittingEmptySubsequences: false) { "x×".contains($0) }
    let sizes = parts.compactMap { Int($0) }.filter { (0...1 << 20).contains($0) }
    guard parts.count == count, sizes.count == count else {
      let form = count == 3 ? "BANDSxFRAMESxCHANNELS" : "BANDSxFRAMES"
      throw MtagError(.usage, "\(name) '\(text)' is not of the form \(form), each at most 2²⁰")
    }
    return sizes
  }
}
