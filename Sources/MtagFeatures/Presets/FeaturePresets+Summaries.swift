extension FeaturePresets {
  /// A preset in one line; for a spec of another name, what its extractor does.
  public static func summary(of spec: FeatureSpec) -> String {
    let preset = spec.name.prefix { $0 != "(" }
    return summaries[String(preset)] ?? FeatureExtractors.summary(of: spec)
  }

  private static let summaries = [
    "melspec": "librosa's mel spectrogram, dB below the clip's maximum",
    "melspec-peak": "the genre study's: unit-norm waveform, mel magnitudes",
    "librosa-default": "librosa's mel spectrogram, dB of power",
    "torchaudio": "torchaudio's MelSpectrogram and AmplitudeToDB",
    "sota-96": "sota-music-tagging-models: FCN, MusiCNN, CRNN",
    "sota-128": "sota-music-tagging-models: short-chunk, self-attention",
    "musicnn": "musicnn's, log10(10000 x + 1)",
    "essentia-musicnn": "Essentia's TensorflowInputMusiCNN",
    "keras-fcn": "the Keras FCN's, dB of power squared",
    "panns": "PANNs at 32 kHz, by torchlibrosa",
    "vggish": "VGGish's log mel, before patches",
    "yamnet": "YAMNet's log mel, before patches",
    "ast": "AST's Kaldi filter bank, standardised",
    "efficientat": "EfficientAT's and PaSST's, standardised",
    "openl3": "OpenL3's 256 bands",
    "stft": "librosa's power spectrum, dB",
    "stft-power": "torchaudio's power spectrum, no levels: Harmonic CNN",
    "stft-log": "24 bands an octave, as madmom's, dB",
    "mfcc": "librosa's 20 cepstral coefficients",
    "mfcc-deltas": "the same with their slopes and slopes' slopes",
    "chroma": "librosa's pitch classes, tuning 440 Hz",
    "pcen": "librosa's mel bands with per-channel energy normalisation",
    "gammatone": "64 bands equally spaced in ERB rate, dB",
    "contrast": "librosa's peaks above valleys in octave bands",
    "tempogram": "librosa's autocorrelation of onset strength",
    "waveform": "the samples at 16 kHz, for networks with a front end of their own",
    "cqt": "librosa's constant-Q transform, dB",
    "vqt": "librosa's variable-Q transform, dB",
    "hcqt": "six constant-Q transforms, a channel for each harmonic",
  ]
}
