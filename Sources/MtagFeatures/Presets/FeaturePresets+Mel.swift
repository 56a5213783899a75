/// Mel front ends of programs and models that people use. How near each comes to the program it is named after is stated and
/// tested in `PresetOracleTests`. What a model does after its front end (batch norm, patches) is no part of these.
extension FeaturePresets {
  /// librosa's defaults as they are most often written: `power_to_db(feature.melspectrogram(y=y))` of librosa 0.11. It is
  /// `melspec` with 0 dB at a power of 1 instead of the clip's maximum.
  public static let librosaDefault: FeatureSpec = {
    var spec = melspec
    spec.name = "librosa-default"
    spec.level.reference = .one
    return spec
  }()

  /// torchaudio's defaults: `AmplitudeToDB()(MelSpectrogram()(x))` of torchaudio 2: 16 kHz, window 400, hop 200, the clip
  /// reflected at its ends, power, 128 bands on HTK's scale with triangles of peak one, dB of power, no floor. The lowest
  /// bands are narrower than a bin; four of them have none and are always -100 dB.
  public static let torchaudio = FeatureSpec(
    name: "torchaudio", extractor: "mel", sampleRateHz: 16_000,
    windowLength: 400, fftSize: 400, hopLength: 200, isCentered: true, padding: .reflect,
    magnitudeExponent: 2,
    bands: 128, melScale: .htk, melNorm: .peak, minimumHz: 0, maximumHz: 8000,
    level: .init(reference: .one, minimumValue: 1e-10, floorDB: nil))

  /// The 96 bands of sota-music-tagging-models (Won et al., 2020; training/model.py): FCN, MusiCNN and CRNN read them, after
  /// a batch norm of one channel. torchaudio's conventions with 512 samples and a hop of 256.
  public static let sota96: FeatureSpec = {
    var spec = torchaudio
    spec.name = "sota-96"
    (spec.windowLength, spec.fftSize, spec.hopLength, spec.bands) = (512, 512, 256, 96)
    return spec
  }()

  /// The 128 bands of sota-music-tagging-models: its short-chunk CNN and self-attention networks read them.
  public static let sota128: FeatureSpec = {
    var spec = sota96
    spec.name = "sota-128"
    spec.bands = 128
    return spec
  }()

  /// musicnn 0.1.0 (extractor.py): librosa's mel power at 16 kHz, 512 samples, hop 256, 96 bands, reflected as librosa did
  /// before 0.10, then log10(10,000 x + 1). musicnn rounds to half precision before the logarithm: that moves values by up to
  /// 1.2e-3, and makes infinities of powers above 6.55; this stays in single precision.
  public static let musicnn = FeatureSpec(
    name: "musicnn", extractor: "mel", sampleRateHz: 16_000,
    windowLength: 512, fftSize: 512, hopLength: 256, isCentered: true, padding: .reflect,
    magnitudeExponent: 2,
    bands: 96, melScale: .slaney, melNorm: .area, minimumHz: 0, maximumHz: 8000,
    level: .init(function: .logarithm10, minimumValue: 0, gain: 10_000, offset: 1))

  /// Essentia's TensorflowInputMusiCNN behind its FrameCutter, as TensorflowPredictMusiCNN has them: `musicnn` with a
  /// symmetric window, zeros outside the clip, and a last frame whose middle is at or past the clip's end.
  public static let essentiaMusicnn: FeatureSpec = {
    var spec = musicnn
    spec.name = "essentia-musicnn"
    spec.window = .hannSymmetric
    spec.padding = .zeros
    spec.lastFrame = .covering
    return spec
  }()

  /// The Keras FCN's weights (Choi et al., 2016; audio_processor.py): 12 kHz, 96 bands of librosa's mel power, which is then
  /// squared once more: dB of power's square, at least 1e-10, floor 80 dB below the maximum, written as twice the dB of power.
  public static let kerasFCN = FeatureSpec(
    name: "keras-fcn", extractor: "mel", sampleRateHz: 12_000,
    windowLength: 512, fftSize: 512, hopLength: 256, isCentered: true, padding: .reflect,
    magnitudeExponent: 2,
    bands: 96, melScale: .slaney, melNorm: .area, minimumHz: 0, maximumHz: 6000,
    level: {
      var level = FeatureSpec.Level(reference: .one, minimumValue: 1e-5, floorDB: 40)
      level.deviation = 0.5
      return level
    }())
}
