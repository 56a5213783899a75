import MtagCore
import MtagFeatures

/// Writes a feature spec as ONNX operators: from `waveform` `[batch, samples]` at the spec's rate to feature maps
/// `[batch, channels, bands, frames]`, step by step what the extractor does.
///
/// Arithmetic is in 32 bits but where a spec's transforms need 64. Quantities of the whole clip (its norm, its maximum) are taken for
/// each item of the batch by itself.
struct FrontEndWriter {
  /// The contract.
  let spec: FeatureSpec
  /// How spectra are made.
  let transform: Transform
  /// Where the nodes go.
  var builder: ProgramBuilder

  /// How spectra are made.
  enum Transform {
    /// Framing and Fourier transform by one convolution.
    case convolution
    /// ONNX's STFT.
    case stft(inDouble: Bool)
  }

  /// - Throws: `MtagError` (usage) for a spec that cannot be written so, with the reason.
  init(spec: FeatureSpec, transform wish: ONNXOptions.Transform?, builder: ProgramBuilder) throws {
    self.spec = spec
    self.builder = builder
    transform = try Self.transform(of: spec, wish: wish)
  }

  /// Writes everything from the waveform on.
  /// - Parameter name: what the feature maps are called.
  mutating func write(to name: String) throws {
    let waveform = preparedWaveform("waveform")
    if spec.extractor == "waveform" {
      builder.add("Unsqueeze", name, [waveform, builder.integers([1, 2])], to: name)
      return
    }
    let map = try map(of: waveform)
    builder.add("Unsqueeze", name, [map, builder.integers([1])], to: name)
  }

  /// The fewest frames for which an extractor can be written: slopes need those that they are fitted over, onsets those by which
  /// they come late.
  /// - Throws: `MtagError` (usage) if the spec is out of range.
  static func fewestFrames(_ spec: FeatureSpec) throws -> Int {
    switch spec.extractor {
    case "mfcc":
      let settings = try spec.cepstrumTable().settings
      return settings.deltaOrder > 0 ? settings.deltaWidth : 1
    case "tempogram": return try spec.tempogramTable().delayFrames + 1
    default: return 1
    }
  }

  // MARK: - Helpers

  /// Feature maps of one channel, `[batch, bands, frames]`.
  private mutating func map(of waveform: String) throws -> String {
    switch spec.extractor {
    case "mel", "stft", "stft-log", "gammatone": levels(try bands(of: waveform))
    case "mfcc": try cepstrum(of: levels(try bands(of: waveform)))
    case "chroma": try chroma(of: try bands(of: waveform))
    case "pcen": try pcen(of: try bands(of: waveform))
    case "contrast": try contrast(of: spectrum(of: waveform, bins: 0..<(spec.fftSize / 2 + 1)))
    case "tempogram": try tempogram(of: levels(try bands(of: waveform)))
    default: throw Self.refusal(of: spec)
    }
  }

  /// Band values: filters over the spectrum, or the spectrum itself.
  private mutating func bands(of waveform: String) throws -> String {
    guard let filters = try FilterMatrix(spec: spec) else {
      return try spectrum(of: waveform, bins: 0..<(spec.fftSize / 2 + 1))
    }
    let bins = filters.firstBin..<(filters.firstBin + filters.binCount)
    let spectrum = try spectrum(of: waveform, bins: bins)
    let matrix = builder.store(
      "frontend.filters", shape: [filters.bands, filters.binCount], .single(filters.weights[...]))
    return builder.add("MatMul", "frontend.bands", [matrix, spectrum])
  }

  /// What a spec needs, if it can be written at all.
  private static func transform(of spec: FeatureSpec, wish: ONNXOptions.Transform?) throws -> Transform {
    guard writable.contains(spec.extractor) else { throw refusal(of: spec) }
    // Valleys of a spectrum may lie below the noise of 32 bits; there is no convolution in 64.
    if spec.extractor == "contrast" {
      if wish == .convolution {
        throw MtagError(
          .usage,
          "extractor 'contrast' needs transforms in double precision, which a convolution has not; use --stft operator"
        )
      }
      return .stft(inDouble: true)
    }
    guard wish == .stft else { return .convolution }
    if spec.removesFrameMean || spec.frameEmphasis != 0 {
      throw MtagError(
        .usage,
        "feature spec '\(spec.name)' works on each frame before its window (removesFrameMean, preEmphasisScope frame), which "
          + "ONNX's STFT cannot; use --stft convolution")
    }
    // Lengths that are no power of two go through a chirp transform, which loses two digits in ONNX Runtime's 32 bits.
    return .stft(inDouble: spec.fftSize.nonzeroBitCount > 1)
  }

  /// Extractors that can be written.
  private static let writable: Set<String> = [
    "mel", "stft", "stft-log", "gammatone", "mfcc", "chroma", "pcen", "contrast", "tempogram", "waveform",
  ]

  private static func refusal(of spec: FeatureSpec) -> MtagError {
    let reason =
      spec.extractor == "constant-q"
      ? "its octaves are computed at rates that are halved again and again"
      : "it is not one of those that ship with the program"
    return MtagError(
      .usage,
      "extractor '\(spec.extractor)' cannot be written into an ONNX graph: \(reason); use --input features")
  }
}
