extension FeaturePresets {
  /// The power spectrum in dB, framed as `melspec`: `librosa.power_to_db(abs(librosa.stft(y))**2, ref=np.max)`.
  public static let stft = melspec.with("stft") { $0.bands = 1025 }

  /// The power spectrum itself, no levels: 512 samples at 16 kHz, hop 256, the clip reflected at its ends, as torchaudio's
  /// `Spectrogram(n_fft=512)`. Harmonic CNN of sota-music-tagging-models reads it.
  public static let stftPower = melspec.with("stft-power", extractor: "stft") {
    $0.sampleRateHz = 16_000
    ($0.windowLength, $0.fftSize, $0.hopLength, $0.bands) = (512, 512, 256, 257)
    $0.maximumHz = 8000
    $0.padding = .reflect
    $0.level = .init(function: .linear, minimumValue: 0)
  }

  /// Magnitudes in dB on a logarithmic frequency axis, 24 bands an octave from 27.5 Hz, framed as `melspec`: librosa's
  /// `stft` with madmom's `LogarithmicFilterbank`.
  public static let stftLog = melspec.with("stft-log") {
    $0.magnitudeExponent = 1
    $0.minimumHz = 27.5
    $0.logFrequency = .init()
    $0.bands = 147
  }

  /// 20 cepstral coefficients: `librosa.feature.mfcc(y=y)`.
  public static let mfcc = melspec.with("mfcc") {
    $0.level.reference = .one
    $0.cepstrum = .init()
  }

  /// 20 cepstral coefficients, their slopes over nine frames and their second derivatives, as `librosa.feature.delta` has
  /// them: 60 rows.
  public static let mfccDeltas = mfcc.with("mfcc-deltas", extractor: "mfcc") { $0.cepstrum?.deltaOrder = 2 }

  /// Twelve pitch classes from C on: `librosa.feature.chroma_stft(y=y, tuning=0)`.
  public static let chroma = melspec.with("chroma") {
    $0.bands = 12
    $0.chroma = .init()
  }

  /// Mel magnitudes with per-channel energy normalisation:
  /// `librosa.pcen(librosa.feature.melspectrogram(y=y, power=1) * 2**31)`.
  public static let pcen = melspec.with("pcen") {
    $0.magnitudeExponent = 1
    $0.pcen = .init()
    $0.pcen?.scale = 0x1p31
  }

  /// 64 gammatone bands from 50 Hz on in dB, a window of 1024 in a transform of 2048, centred: the PyPI package `gammatone`'s
  /// `fft_gtgram` of the clip between zeros.
  public static let gammatone = melspec.with("gammatone") {
    $0.windowLength = 1024
    $0.magnitudeExponent = 1
    $0.bands = 64
    $0.minimumHz = 50
  }

  /// Peaks above valleys in seven octave bands: `librosa.feature.spectral_contrast(y=y)`.
  public static let contrast = melspec.with("contrast") {
    $0.magnitudeExponent = 1
    $0.bands = 7
    $0.contrast = .init()
  }

  /// Autocorrelation of onset strength at lags of 0 to 383 frames: `librosa.feature.tempogram(y=y)`.
  public static let tempogram = melspec.with("tempogram") {
    $0.level.reference = .one
    $0.tempogram = .init()
  }

  /// The samples at 16 kHz, as SampleCNN of the sota-music-tagging models reads them.
  public static let waveform = melspec.with("waveform") {
    $0.sampleRateHz = 16_000
    ($0.windowLength, $0.fftSize, $0.hopLength, $0.bands) = (1, 2, 1, 1)
    $0.maximumHz = 8000
  }

  /// The presets of the extractors other than mel, in the order in which lists show them.
  static let extractors: [FeatureSpec] = [
    stft, stftPower, stftLog, mfcc, mfccDeltas, chroma, pcen, gammatone, contrast, tempogram, waveform,
  ]
}

extension FeatureSpec {
  /// A copy under another name, computed by the extractor of that name or another one.
  fileprivate func with(
    _ name: String, extractor: String? = nil, _ change: (inout FeatureSpec) -> Void
  ) -> FeatureSpec {
    var copy = self
    copy.name = name
    copy.extractor = extractor ?? name
    change(&copy)
    return copy
  }
}
