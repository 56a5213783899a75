/// The front-end contract: every number that changes a feature value.
///
/// It is stored in caches, models, ONNX files and pictures; whoever loads one refuses a spec that differs and names the
/// field. Two specs with the same fields have the same `sha256`, whatever their names.
public struct FeatureSpec: Codable, Hashable, Sendable {
  /// The name of the preset this came from, for people; it changes no value and is not part of the hash.
  public var name: String
  /// The extractor that computes it: a name of the feature registry (`mel`).
  public var extractor: String
  /// Samples per second after resampling, in Hz.
  public var sampleRateHz: Int
  /// How channels become one: always their mean for now.
  public var monoRule: MonoRule
  /// The resampler and its quality.
  public var resampler: ResamplerQuality
  /// What is done to the waveform before framing.
  public var waveformNormalization: WaveformNormalization
  /// Length of the analysis window, in samples.
  public var windowLength: Int
  /// Length of the Fourier transform, in samples; the window is centred in it and zero-padded.
  public var fftSize: Int
  /// Samples from one frame to the next.
  public var hopLength: Int
  /// The shape of the analysis window.
  public var window: WindowShape
  /// Whether frame `t` is centred on sample `t * hopLength` (else it starts there).
  public var isCentered: Bool
  /// What stands before the first and after the last sample of a centred transform.
  public var padding: Padding
  /// The exponent of the magnitude: 2 is power, 1 is magnitude.
  public var magnitudeExponent: Float
  /// How many mel bands there are.
  public var bands: Int
  /// The mel scale.
  public var melScale: MelScale
  /// How each mel triangle is scaled.
  public var melNorm: MelNorm
  /// Where the triangles' sides are straight lines: in Hz or in mel.
  public var triangleDomain: TriangleDomain
  /// Lower edge of the lowest band, in Hz.
  public var minimumHz: Float
  /// Upper edge of the highest band, in Hz.
  public var maximumHz: Float
  /// How band values become levels.
  public var level: Level

  /// How channels become one.
  public enum MonoRule: String, Codable, Sendable { case mean }
  /// The resampler: soxr's high quality, what librosa calls `soxr_hq`.
  public enum ResamplerQuality: String, Codable, Sendable { case soxrHQ = "soxr-hq" }
  /// What is done to the waveform: nothing, or scaling to unit Euclidean norm.
  public enum WaveformNormalization: String, Codable, Sendable {
    case none
    case unitNorm = "unit-norm"
  }
  /// The shape of the window: Hann with period `windowLength` (as librosa, SciPy with `fftbins`).
  public enum WindowShape: String, Codable, Sendable { case hann }
  /// What stands outside the samples.
  public enum Padding: String, Codable, Sendable {
    case zeros
    case reflect
  }
  /// The mel scale: Slaney's (linear below 1 kHz) or HTK's.
  public enum MelScale: String, Codable, Sendable {
    case slaney
    case htk
  }
  /// How each triangle is scaled: to unit area in Hz (Slaney), or to a peak of one.
  public enum MelNorm: String, Codable, Sendable {
    case area
    case peak
  }
  /// Where the sides of a triangle are straight.
  public enum TriangleDomain: String, Codable, Sendable {
    case hertz
    case mel
  }
  /// How band values become levels: dB relative to a reference, never more than `floorDB` below the maximum.
  public struct Level: Codable, Hashable, Sendable {
    /// What 0 dB is.
    public var reference: Reference
    /// Values below this are taken as this before the logarithm (power or magnitude, as the spec says).
    public var minimumValue: Float
    /// How far below the clip's maximum values are clipped, in dB; nil for no floor.
    public var floorDB: Float?

    /// What 0 dB is: the clip's maximum, or the value 1.
    public enum Reference: String, Codable, Sendable {
      case clipMaximum = "clip-maximum"
      case one
    }

    /// Makes a rule for levels.
    public init(reference: Reference, minimumValue: Float, floorDB: Float?) {
      self.reference = reference
      self.minimumValue = minimumValue
      self.floorDB = floorDB
    }
  }
}
