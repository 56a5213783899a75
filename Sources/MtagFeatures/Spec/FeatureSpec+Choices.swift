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
  /// What stands before the first sample that pre-emphasis sees. `clip`: nothing, so that the clip is one sample shorter
  /// (EfficientAT). `frame`: each frame is worked on by itself and its first sample stands in (Kaldi).
  public enum PreEmphasisScope: String, Codable, CaseIterable, Sendable {
    case clip
    case frame
  }
  /// The shape of the window: ½ - ½ cos(2πn / p). `hann` has the period p = `windowLength` (as librosa, SciPy with
  /// `fftbins`); `hannSymmetric` p = `windowLength` - 1, so that it is zero at both ends (SciPy's `sym`); `povey` is the
  /// latter to the power of 0.85 (Kaldi's default).
  public enum WindowShape: String, Codable, CaseIterable, Sendable {
    case hann
    case hannSymmetric = "hann-symmetric"
    case povey
  }
  /// Where a short window stands in its transform: in the middle (librosa, PyTorch), or at the start (Kaldi, TensorFlow). With
  /// `start`, and not centred, a frame ends with its window; else it is as long as the transform.
  public enum WindowAlignment: String, Codable, CaseIterable, Sendable {
    case center
    case start
  }
  /// What stands outside the samples.
  public enum Padding: String, Codable, CaseIterable, Sendable {
    case zeros
    case reflect
  }
  /// Which frames at the end count, P being the samples with their padding and L those of a frame; what is missing is zeros.
  ///
  /// - `whole`: those that are filled, 1 + ⌊(P - L) / hop⌋ (librosa, PyTorch, Kaldi's `snip-edges`).
  /// - `covering`: as few as show every sample, 1 + ⌈(P - L) / hop⌉ (Essentia).
  /// - `partial`: every one that starts before the end, ⌈P / hop⌉ (TensorFlow's `pad_end`).
  public enum LastFrame: String, Codable, CaseIterable, Sendable {
    case whole
    case covering
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
