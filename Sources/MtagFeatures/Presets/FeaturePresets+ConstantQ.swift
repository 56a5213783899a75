extension FeaturePresets {
  /// librosa's `amplitude_to_db(abs(cqt(y)), ref=np.max)`: 22,050 Hz, hop 512, 84 bands from C1 (32.7 Hz), 12 an octave, dB
  /// relative to the clip's maximum, magnitudes below 1e-5 taken as that, floor 80 dB below the maximum.
  public static let cqt: FeatureSpec = {
    var spec = melspec
    spec.name = "cqt"
    spec.extractor = ConstantQExtractor.name
    spec.magnitudeExponent = 1
    spec.bands = 84
    spec.minimumHz = 32.703_197
    spec.level = .init(reference: .clipMaximum, minimumValue: 1e-5, floorDB: 80)
    spec.constantQ = .init()
    return spec
  }()

  /// As `cqt`, by librosa's `vqt(y)`: low filters are shorter, so that their bands are about as wide as the ear's
  /// (γ = 24.7 α / 0.108 with α = (2^(1/6) - 1) / (2^(1/6) + 1)).
  public static let vqt: FeatureSpec = {
    var spec = cqt
    spec.name = "vqt"
    spec.constantQ?.gammaHz = 13.195_771
    return spec
  }()

  /// A harmonic stack: six octaves from C1 and from its sub-octave, octave, twelfth, … as channels, so that a sound's harmonics
  /// stand behind each other. dB relative to the maximum of the whole stack. The harmonics are those of Bittner et al.,
  /// "Deep salience representations for F0 estimation in polyphonic music", 2017; theirs has 60 bands an octave, hop 256.
  public static let hcqt: FeatureSpec = {
    var spec = cqt
    spec.name = "hcqt"
    spec.bands = 72
    spec.constantQ?.harmonics = [0.5, 1, 2, 3, 4, 5]
    return spec
  }()

  /// The transforms of this kind, in the order in which lists show them.
  static let constantQTransforms: [FeatureSpec] = [cqt, vqt, hcqt]
}
