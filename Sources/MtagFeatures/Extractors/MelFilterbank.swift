import MtagCore
import MtagKernelTypes
import MtagKernels

/// The mel triangles of a spec, each trimmed to the transform bins that it uses.
///
/// Edges are computed in double precision and weights rounded to single, as librosa's `filters.mel` does (area norm: once
/// before and once after the scaling).
package struct MelFilterbank: Sendable {
  /// How many triangles there are.
  package var bands: Int { bank.bands }
  /// The first bin that any band uses.
  var firstBin: Int { bank.firstBin }
  /// How many bins there are from the first to the last in use; at least 1.
  var binCount: Int { bank.binCount }
  private let bank: SparseBank

  /// The triangles of a spec that is valid.
  package init(spec: FeatureSpec) {
    let hertzPerBin = Double(spec.sampleRateHz) / Double(spec.fftSize)
    let edgesHz = spec.melScale.edges(
      fromHz: Double(spec.minimumHz), toHz: Double(spec.maximumHz), count: spec.bands + 2)
    let axis = { (hertz: Double) in
      spec.triangleDomain == .hertz ? hertz : spec.melScale.mel(hertz: hertz)
    }
    let edges = edgesHz.map(axis)
    let bins = (0...spec.fftSize / 2).map { axis(Double($0) * hertzPerBin) }

    var firstCandidate = 0
    bank = SparseBank(
      (0..<spec.bands).map { band in
        let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
        let scale = spec.melNorm == .area ? 2 / (edgesHz[band + 2] - edgesHz[band]) : 1
        while firstCandidate < bins.count, bins[firstCandidate] <= low { firstCandidate += 1 }
        let triangle = bins[firstCandidate...].prefix { $0 < high }.map { bin in
          Float(max(0, min((bin - low) / (middle - low), (high - bin) / (high - middle))))
        }
        return (firstCandidate, triangle.map { Float(Double($0) * scale) })
      })
  }

  /// Weights of all triangles: multiply-accumulates of one frame.
  var weightCount: Int { bank.weightCount }

  /// Lends the bank to a kernel.
  func withTable(_ body: (BandTable) -> Void) { bank.withTable(body) }

  /// The weights of one band over all bins of the transform, for people and tests.
  package func row(_ band: Int, bins: Int) -> [Float] { bank.row(band, bins: bins) }
}
