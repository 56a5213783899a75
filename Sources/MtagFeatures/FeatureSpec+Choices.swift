extension FeatureSpec {
  /// How channels become one.
  public enum MonoRule: String, Codable, CaseIterable, Sendable { case mean }
  /// The resampler: soxr's high quality, what librosa calls `soxr_hq`.
  public enum ResamplerQuality: String, Codable, CaseIterable, Sendable { case soxrHQ = "soxr-hq" }
  /// What is done to the waveform: nothing, or scaling to unit Euclidean norm.
  public enum WaveformNormalization: String, Codable, CaseIterable, Sendable {
    case none
    case unitNorm = "unit-norm"
  }
  /// Where pre-emphasis starts over: at the clip's first sample, or at each frame's.
  public enum PreEmphasisScope: String, Codable, CaseIterable, Sendable {
    case clip
    case frame
  }
  /// The shape of the window. `hann` has period `windowLength` (as librosa, SciPy with `fftbins`); `hannSymmetric` is zero
  /// at both ends (SciPy's `sym`).
  public enum WindowShape: String, Codable, CaseIterable, Sendable {
    case hann
    case hannSymmetric = "hann-symmetric"
  }
  /// Where a short window stands in its transform: in the middle, or at the start.
  public enum WindowAlignment: String, Codable, CaseIterable, Sendable {
    case center
    case start
  }
  /// What stands outside the samples.
  public enum Padding: String, Codable, CaseIterable, Sendable {
    case zeros
    case reflect
  }
  /// Which frames at the end count: those that the (padded) sound fills, or also the last that it begins, with zeros.
  public enum LastFrame: String, Codable, CaseIterable, Sendable {
    case whole
    case partial
  }
  /// The mel scale: Slaney's (linear below 1 kHz) or HTK's.
  public enum MelScale: String, Codable, CaseIterable, Sendable {
    case slaney
    case htk
  }
  /// How each triangle is scaled: to unit area in Hz (Slaney), or to a peak of one.
  public enum MelNorm: String, Codable, CaseIterable, Sendable {
    case area
    case peak
  }
  /// Where the sides of a triangle are straight.
  public enum TriangleDomain: String, Codable, CaseIterable, Sendable {
    case hertz
    case mel
  }
}
