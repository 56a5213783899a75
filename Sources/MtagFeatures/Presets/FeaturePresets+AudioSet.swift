/// Mel front ends of networks that were trained on AudioSet. How near each comes to the program it is named after is stated
/// and tested in `PresetOracleTests`.
extension FeaturePresets {
  /// PANNs (Kong et al., 2020) by torchlibrosa 0.1.0, as Cnn14 at 32 kHz calls it: 1024 samples, hop 320, reflected, power,
  /// 64 bands of unit area on Slaney's scale from 50 to 14,000 Hz, dB of power, no floor. A batch norm over bands follows.
  public static let panns = FeatureSpec(
    name: "panns", extractor: "mel", sampleRateHz: 32_000,
    windowLength: 1024, fftSize: 1024, hopLength: 320, isCentered: true, padding: .reflect,
    magnitudeExponent: 2,
    bands: 64, melScale: .slaney, melNorm: .area, minimumHz: 50, maximumHz: 14_000,
    level: .init(reference: .one, minimumValue: 1e-10, floorDB: nil))

  /// VGGish (Hershey et al., 2017; mel_features.py): 16 kHz, window 400 at the start of a transform of 512, hop 160, not
  /// centred, no frame that the sound does not fill, magnitudes, 64 bands on HTK's scale from 125 to 7500 Hz with triangles of
  /// peak one that are straight in mel, ln(x + 0.01). The network reads patches of 96 frames.
  public static let vggish = FeatureSpec(
    name: "vggish", extractor: "mel", sampleRateHz: 16_000,
    windowLength: 400, fftSize: 512, hopLength: 160, windowAlignment: .start, isCentered: false,
    magnitudeExponent: 1,
    bands: 64, melScale: .htk, melNorm: .peak, triangleDomain: .mel, minimumHz: 125, maximumHz: 7500,
    level: .init(function: .naturalLogarithm, minimumValue: 0, offset: 0.01))

  /// YAMNet (tensorflow/models, research/audioset/yamnet, features.py): `vggish` with ln(x + 0.001). YAMNet puts zeros
  /// behind a clip to fill patches of 0.96 s; this does not.
  public static let yamnet: FeatureSpec = {
    var spec = vggish
    spec.name = "yamnet"
    spec.level.offset = 0.001
    return spec
  }()

  /// AST (Gong et al., 2021; dataloader.py): torchaudio's `compliance.kaldi.fbank` at 16 kHz: window 400 at the start of a
  /// transform of 512, hop 160, not centred; within each frame the mean is taken off, then pre-emphasis of 0.97, then a
  /// symmetric Hann window; power, 128 bands from 20 to 8000 Hz straight in mel, ln of at least 2^-23, then AudioSet's mean
  /// and twice its deviation. AST also takes the clip's mean off first, which the frames' means make no difference to.
  public static let ast = FeatureSpec(
    name: "ast", extractor: "mel", sampleRateHz: 16_000, preEmphasis: 0.97, preEmphasisScope: .frame,
    windowLength: 400, fftSize: 512, hopLength: 160, window: .hannSymmetric, windowAlignment: .start,
    isCentered: false, removesFrameMean: true, magnitudeExponent: 2,
    bands: 128, melScale: .htk, melNorm: .peak, triangleDomain: .mel, minimumHz: 20, maximumHz: 8000,
    level: .init(
      function: .naturalLogarithm, minimumValue: .ulpOfOne, mean: -4.267_739_3, deviation: 9.137_994_8))

  /// EfficientAT (Schmid et al., 2023; AugmentMelSTFT outside training, which PaSST shares): 32 kHz, pre-emphasis of 0.97
  /// over the clip, a symmetric Hann window of 800 in the middle of a transform of 1024, hop 320, reflected, power, 128 of
  /// Kaldi's bands from 0 to 15,000 Hz straight in mel, ln(x + 1e-5), then (y + 4.5) / 5.
  public static let efficientAT = FeatureSpec(
    name: "efficientat", extractor: "mel", sampleRateHz: 32_000, preEmphasis: 0.97, preEmphasisScope: .clip,
    windowLength: 800, fftSize: 1024, hopLength: 320, window: .hannSymmetric, isCentered: true,
    padding: .reflect, magnitudeExponent: 2,
    bands: 128, melScale: .htk, melNorm: .peak, triangleDomain: .mel, minimumHz: 0, maximumHz: 15_000,
    level: .init(function: .naturalLogarithm, minimumValue: 0, offset: 1e-5, mean: -4.5, deviation: 5))

  /// OpenL3 0.4 (Cramer et al., 2019; models.py) by kapre 0.4: 48 kHz, 2048 samples, hop 242, not centred, a frame wherever
  /// one starts before the end, magnitudes, 256 bands of unit area on Slaney's scale up to 24 kHz, then 10 log10 of magnitudes
  /// relative to the maximum, floor -80, written as half the dB of magnitude. OpenL3 cuts windows of one second first, so its
  /// maximum is a window's. (Its weights were trained with kapre 0.1.4, another map: marl/openl3#80.)
  public static let openL3 = FeatureSpec(
    name: "openl3", extractor: "mel", sampleRateHz: 48_000,
    windowLength: 2048, fftSize: 2048, hopLength: 242, isCentered: false, lastFrame: .partial,
    magnitudeExponent: 1,
    bands: 256, melScale: .slaney, melNorm: .area, minimumHz: 0, maximumHz: 24_000,
    level: {
      var level = FeatureSpec.Level(reference: .clipMaximum, minimumValue: 1e-10, floorDB: 160)
      level.deviation = 2
      return level
    }())
}
