/// In which order a file stores the two sizes of a 2-D convolution's kernel.
public enum KernelAxes: String, Codable, CaseIterable, Sendable, Hashable {
  /// `[out, in, bands, frames]`, as here: networks that read `[batch, channels, bands, frames]`.
  case bandsFrames = "bands-frames"
  /// `[out, in, frames, bands]`: networks that read `[batch, channels, frames, bands]`, PANNs' for instance.
  case framesBands = "frames-bands"
}
