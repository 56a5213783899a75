extension FeatureSpec {
  /// Bands that are equal steps of an octave, aligned with a' = 440 Hz.
  public struct LogFrequency: Codable, Hashable, Sendable {
    /// Steps per octave; where bins lie further apart than steps there are fewer bands.
    public var bandsPerOctave = 24

    /// madmom's finer setting.
    public init() {}
  }

  /// Cepstral coefficients: the cosine transform (type II, orthonormal) of log bands.
  public struct Cepstrum: Codable, Hashable, Sendable {
    /// How many coefficients are kept, from 0 on.
    public var coefficients = 20
    /// Liftering: coefficient `n` is multiplied by `1 + lifter / 2 · sin(π (n + 1) / lifter)`; 0 for none.
    public var lifter: Float = 0
    /// 0: the coefficients alone; 1: their slopes below them; 2: and the slopes' slopes.
    public var deltaOrder = 0
    /// Frames that a slope is fitted over; odd, at least 3.
    public var deltaWidth = 9

    /// librosa's defaults.
    public init() {}
  }

  /// Per-channel energy normalisation: `(S / (epsilon + M)^gain + bias)^power - bias^power`, M being S smoothed over time.
  /// Source: Wang et al., "Trainable frontend for robust and far-field keyword spotting", 2017.
  public struct PCEN: Codable, Hashable, Sendable {
    /// Strength of the gain normalisation, 0 to 1.
    public var gain: Float = 0.98
    /// The offset inside the root.
    public var bias: Float = 2
    /// The root's exponent.
    public var power: Float = 0.5
    /// Time constant of the smoothing, in seconds.
    public var timeConstantSeconds: Float = 0.4
    /// The least energy that is divided by.
    public var epsilon: Float = 1e-6
    /// What band values are multiplied by first; 2^31 gives samples the size of 32-bit integers.
    public var scale: Float = 1

    /// librosa's defaults.
    public init() {}
  }

  /// Pitch classes.
  public struct Chroma: Codable, Hashable, Sendable {
    /// Deviation from a' = 440 Hz, in fractions of a band.
    public var tuning: Float = 0
    /// The octave with the largest weight, counted from C0; the weight falls off as a bell.
    public var centerOctave: Float = 5
    /// The bell's half width, in octaves; 0 weighs all octaves alike.
    public var octaveWidth: Float = 2
    /// How each frame is scaled.
    public var norm: Norm = .maximum

    /// How each frame is scaled: over its largest class, or not at all.
    public enum Norm: String, Codable, Sendable, CaseIterable {
      case maximum
      case none
    }

    /// librosa's defaults, but that the tuning is given and not estimated.
    public init() {}
  }

  /// Octave-based spectral contrast.
  /// Source: Jiang et al., "Music type classification by spectral contrast feature", 2002.
  public struct Contrast: Codable, Hashable, Sendable {
    /// Upper edge of the lowest band, in Hz; each following band spans an octave, and the last one goes on to the top.
    public var lowestHz: Float = 200
    /// Share of a band's bins that count as its peak, and as its valley.
    public var quantile: Float = 0.02

    /// librosa's defaults.
    public init() {}
  }

  /// Local autocorrelation of onset strength.
  public struct Tempogram: Codable, Hashable, Sendable {
    /// Frames of onset strength that one autocorrelation sees; also the number of lags.
    public var windowFrames = 384

    /// librosa's defaults.
    public init() {}
  }

  /// Constant-Q or variable-Q filters, one channel a harmonic.
  public struct ConstantQ: Codable, Hashable, Sendable {
    /// Filters per octave.
    public var bandsPerOctave = 12
    /// Multiplies the filters' lengths; below 1 they are shorter: finer in time, coarser in frequency.
    public var filterScale: Float = 1
    /// Added to each filter's bandwidth, in Hz: 0 is constant Q, above it low filters are shorter.
    public var gammaHz: Float = 0
    /// Share of each filter's spectrum, by sum of magnitudes, that is left out to save time; 0 for exact filters.
    public var sparsity: Float = 0.01
    /// What the lowest frequency is multiplied by for each channel.
    public var harmonics: [Float] = [1]

    /// librosa's defaults.
    public init() {}
  }
}
