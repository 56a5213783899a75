/// The named specs that ship with the program.
public enum FeaturePresets {
  /// librosa's conventions, as `librosa.power_to_db(librosa.feature.melspectrogram(y=y), ref=np.max)` of librosa 0.11 has
  /// them: 22,050 Hz, window 2048 with period 2048 (Hann), hop 512, centred, zeros outside the clip, power, 128 bands on
  /// Slaney's scale from 0 to 11,025 Hz with triangles of unit area, straight in Hz, dB relative to the clip's maximum,
  /// values below 1e-10 taken as that, floor 80 dB below the maximum.
  public static let melspec = FeatureSpec(
    name: "melspec",
    extractor: "mel",
    sampleRateHz: 22_050,
    monoRule: .mean,
    resampler: .soxrHQ,
    waveformNormalization: .none,
    windowLength: 2048,
    fftSize: 2048,
    hopLength: 512,
    window: .hann,
    isCentered: true,
    padding: .zeros,
    magnitudeExponent: 2,
    bands: 128,
    melScale: .slaney,
    melNorm: .area,
    triangleDomain: .hertz,
    minimumHz: 0,
    maximumHz: 11_025,
    level: .init(reference: .clipMaximum, minimumValue: 1e-10, floorDB: 80))

  /// The study's own formulas; framing, bands and scale as in `melspec`.
  ///
  /// - The waveform is scaled to unit Euclidean norm: `x[n] / sqrt(Σ x[n]²)`; silence stays as it is.
  /// - `S(t, k) = |X(t, k)|`, the magnitude of the transform.
  /// - `M(t, m) = Σ_k H_m(k) S(t, k)` with triangles of peak one, linear in frequency between the edges `f(m)` that are
  ///   equally spaced in mel: `H_m(k) = (f_k - f(m-1)) / (f(m) - f(m-1))` for `f(m-1) ≤ f_k ≤ f(m)`,
  ///   `(f(m+1) - f_k) / (f(m+1) - f(m))` for `f(m) ≤ f_k ≤ f(m+1)`, and 0 elsewhere, `f_k = k · rate / fftSize`.
  /// - `L(t, m) = max(20 log10(max(M, 1e-10) / max M), -80)` dB.
  public static let melspecPeak: FeatureSpec = {
    var spec = melspec
    spec.name = "melspec-peak"
    spec.waveformNormalization = .unitNorm
    spec.magnitudeExponent = 1
    spec.melNorm = .peak
    return spec
  }()

  /// Every preset, in the order in which lists show them.
  public static let all: [FeatureSpec] =
    [
      melspec, melspecPeak, librosaDefault, torchaudio, sota96, sota128, musicnn, essentiaMusicnn, kerasFCN,
      panns, vggish, yamnet, ast, efficientAT, openL3,
    ] + extractors + constantQTransforms
}
