/// The road from a frame's samples to its spectrum, in one precision. Immutable, shared by threads; each brings its own scratch.
protocol FrameTransform: Sendable {
  /// Floats of the scratch memory that `run` needs, aligned to 64 bytes.
  var scratchLength: Int { get }
  /// Complex values of one spectrum: 0 to half the sample rate.
  var bins: Int { get }
  /// Windows the frame that starts at `samples` and transforms it.
  /// - Parameter row: `[bins]` complex values, real and imaginary parts in turn, aligned to 64 bytes; the values behind the
  ///   last are left as they are.
  func run(
    _ samples: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>)
  /// The Fourier transforms of so many frames and nothing else, to see what the rest costs.
  func runBare(frames: Int)
}
