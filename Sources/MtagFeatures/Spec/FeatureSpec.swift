/// The front-end contract: every number that changes a feature value.
///
/// It is stored in caches, models, ONNX files and pictures; whoever loads one refuses a spec that differs and names the
/// field. Two specs with the same fields have the same `sha256`, whatever their names. An extractor reads the fields that
/// its registry entry names; the others are not part of its specs' hash, and setting one is an error.
public struct FeatureSpec: Codable, Hashable, Sendable {
  /// The name of the preset this came from, for people; it changes no value and is not part of the hash.
  public var name: String
  /// The extractor that computes it: a name of `FeatureExtractors.entries` (`mel`).
  public var extractor: String

  // MARK: The waveform

  /// Samples per second after resampling, in Hz.
  public var sampleRateHz: Int
  /// How channels become one: always their mean for now.
  public var monoRule: MonoRule = .mean
  /// The resampler and its quality.
  public var resampler: ResamplerQuality = .soxrHQ
  /// What is done to the waveform before framing.
  public var waveformNormalization: WaveformNormalization = .none
  /// The coefficient `a` of `y[n] = x[n] - a x[n - 1]`; 0 leaves the waveform as it is.
  public var preEmphasis: Float = 0
  /// Whether pre-emphasis runs over the clip or over each frame by itself.
  public var preEmphasisScope: PreEmphasisScope = .clip

  // MARK: Frames and spectrum

  /// Length of the analysis window, in samples.
  public var windowLength: Int
  /// Length of the Fourier transform, in samples; the rest of it is filled with zeros.
  public var fftSize: Int
  /// Samples from one frame to the next.
  public var hopLength: Int
  /// The shape of the analysis window.
  public var window: WindowShape = .hann
  /// Where a window that is shorter than the transform stands in it.
  public var windowAlignment: WindowAlignment = .center
  /// Whether frame `t` is centred on sample `t * hopLength` (else it starts there).
  public var isCentered: Bool
  /// What stands before the first and after the last sample of a centred transform.
  public var padding: Padding = .zeros
  /// Whether frames at the end that the sound does not fill count.
  public var lastFrame: LastFrame = .whole
  /// Whether each frame's mean is taken off, before pre-emphasis within frames and before the window.
  public var removesFrameMean: Bool = false
  /// The exponent of the magnitude: 2 is power, 1 is magnitude.
  public var magnitudeExponent: Float

  // MARK: Bands

  /// How many bands there are.
  public var bands: Int
  /// The mel scale.
  public var melScale: MelScale = .slaney
  /// How each mel triangle is scaled.
  public var melNorm: MelNorm = .area
  /// Where the triangles' sides are straight lines: in Hz or in mel.
  public var triangleDomain: TriangleDomain = .hertz
  /// Lower edge of the lowest band, in Hz.
  public var minimumHz: Float
  /// Upper edge of the highest band, in Hz.
  public var maximumHz: Float
  /// How band values become levels.
  public var level: Level

  // MARK: What only some extractors read

  /// Bands that are equal steps of an octave.
  public var logFrequency: LogFrequency?
  /// Cepstral coefficients of log bands.
  public var cepstrum: Cepstrum?
  /// Per-channel energy normalisation.
  public var pcen: PCEN?
  /// Pitch classes.
  public var chroma: Chroma?
  /// Octave-based spectral contrast.
  public var contrast: Contrast?
  /// Autocorrelation of onset strength.
  public var tempogram: Tempogram?
  /// Constant-Q or variable-Q filters.
  public var constantQ: ConstantQ?

  enum CodingKeys: String, CodingKey {
    case name, extractor, sampleRateHz, monoRule, resampler, waveformNormalization, preEmphasis,
      preEmphasisScope
    case windowLength, fftSize, hopLength, window, windowAlignment, isCentered, padding, lastFrame
    case removesFrameMean, magnitudeExponent, bands, melScale, melNorm, triangleDomain, minimumHz, maximumHz
    case level, logFrequency, cepstrum, pcen, chroma, contrast, tempogram, constantQ
  }
}
