/// One axis of a convolution as a gather: which source positions each target position reads.
///
/// Target position `targetStart + q · targetStep`, for q in 0 ..< `targetCount`, reads through its tap k the source position
/// `sourceStart + q · sourceStep + k · tapStep`, which counts as zero outside the picture; the weight there is the filter's tap
/// `filterStart + k · filterStep`. The convolution itself is one such gather, the gradient of its input one for each position
/// modulo the stride: so nothing is ever scattered.
public struct PatchAxis: Sendable, Hashable {
  /// Positions of the source.
  public var sourceSize: Int
  /// The source position of target q = 0 through tap 0; negative in the padding.
  public var sourceStart: Int
  /// From one target to the next.
  public var sourceStep: Int
  /// From one tap to the next.
  public var tapStep: Int
  /// Taps of a patch.
  public var taps: Int
  /// Positions of the whole target.
  public var targetSize: Int
  /// The first position that is written.
  public var targetStart: Int
  /// From one written position to the next.
  public var targetStep: Int
  /// How many positions are written.
  public var targetCount: Int
  /// The filter's tap for tap 0.
  public var filterStart: Int
  /// The filter's step for a step of the taps; negative for gradients of the input.
  public var filterStep: Int

  /// The convolution along an axis of `size` positions, with `padding` zeros on each side and `extraPadding` more at the end.
  public static func convolution(
    size: Int, kernel: Int, stride: Int, padding: Int, extraPadding: Int = 0, dilation: Int
  ) -> PatchAxis {
    let count = (size + 2 * padding + extraPadding - dilation * (kernel - 1) - 1) / stride + 1
    return PatchAxis(
      sourceSize: size, sourceStart: -padding, sourceStep: stride, tapStep: dilation, taps: kernel,
      targetSize: count, targetStart: 0, targetStep: 1, targetCount: count, filterStart: 0, filterStep: 1)
  }

  /// The gradient of that convolution's input: a gather from the output's gradient for each input position modulo the stride
  /// that any tap reaches.
  ///
  /// Input position i is seen by output o through tap t where i + padding − t · dilation = o · stride. With g the common divisor
  /// of stride and dilation, the taps of one i are t₀, t₀ + stride / g, …, and their outputs stand dilation / g apart.
  public static func inputGradient(
    size: Int, kernel: Int, stride: Int, padding: Int, extraPadding: Int = 0, dilation: Int
  ) -> [PatchAxis] {
    let outputs = convolution(
      size: size, kernel: kernel, stride: stride, padding: padding, extraPadding: extraPadding,
      dilation: dilation
    ).targetCount
    let divisor = commonDivisor(stride, dilation)
    let (filterStep, tapStep) = (stride / divisor, dilation / divisor)
    return (0..<min(stride, size)).compactMap { phase in
      let first = (0..<min(filterStep, kernel)).first { (phase + padding - $0 * dilation) % stride == 0 }
      guard let first else { return nil }
      let taps = (kernel - 1 - first) / filterStep + 1
      return PatchAxis(
        sourceSize: outputs,
        sourceStart: (phase + padding - first * dilation) / stride - (taps - 1) * tapStep,
        sourceStep: 1, tapStep: tapStep, taps: taps, targetSize: size, targetStart: phase, targetStep: stride,
        targetCount: (size - phase - 1) / stride + 1, filterStart: first + (taps - 1) * filterStep,
        filterStep: -filterStep)
    }
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
}
