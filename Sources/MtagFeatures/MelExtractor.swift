import MtagCore

/// Log-mel spectrograms: window, Fourier transform, power or magnitude, mel triangles, levels in dB.
///
/// Samples of any number, mono, at the spec's rate → `[bands, frames]`, dB. Band values are computed in single precision;
/// the largest difference to librosa 0.11 on the committed vectors is stated and tested in `MelOracleTests`.
/// Magnitudes below 1e-19 of full scale count as zero.
public struct MelExtractor: FeatureExtractor {
  private let plan: MelPlan

  /// Makes an extractor: the window, the triangles and the transform's plan.
  /// - Throws: `MtagError` (usage) if the spec is out of range or is not for the extractor `mel`.
  public init(spec: FeatureSpec) throws {
    guard spec.extractor == Self.name else {
      throw MtagError(
        .usage, "feature spec '\(spec.name)': extractor '\(spec.extractor)' is not '\(Self.name)'")
    }
    plan = try MelPlan(spec: spec)
  }

  /// The value of a spec's `extractor` that means this one.
  public static let name = "mel"

  /// The contract this extractor fulfils.
  public var spec: FeatureSpec { plan.spec }

  /// Rows of the map.
  public var bands: Int { plan.spec.bands }

  /// Columns of the map: one for every hop that fits into the padded clip, as librosa counts them; 0 for an empty clip.
  public func frameCount(samples: Int) -> Int { plan.frameCount(samples: samples) }

  /// Starts a clip. Its memory is that of its map plus some 1.5 MB, which later clips use again.
  public func makeStream() -> any FeatureStream { MelStream(plan: plan) }

  /// The triangles, `[bands, fftSize / 2 + 1]`: weight of each bin of the transform in each band.
  public var filterbank: [[Float]] {
    (0..<bands).map { plan.filterbank.row($0, bins: plan.fft.bins) }
  }
}
