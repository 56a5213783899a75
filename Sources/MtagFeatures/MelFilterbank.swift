import MtagCore
import MtagKernelTypes
import MtagKernels

/// The mel triangles of a spec, each trimmed to the transform bins that it uses.
///
/// Edges are computed in double precision and weights rounded to single, as librosa's `filters.mel` does (area norm: once
/// before and once after the scaling).
package struct MelFilterbank: Sendable {
  /// How many triangles there are.
  package let bands: Int
  /// The first bin that any band uses.
  let firstBin: Int
  /// How many bins there are from the first to the last in use; at least 1.
  let binCount: Int
  /// First bin of each band, counted from `firstBin`.
  private let firstBins: [Int32]
  private let binCounts: [Int32]
  private let weights: [Float]

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

    var (firsts, counts, weights): ([Int], [Int], [Float]) = ([], [], [])
    var firstCandidate = 0
    for band in 0..<spec.bands {
      let (low, middle, high) = (edges[band], edges[band + 1], edges[band + 2])
      let scale = spec.melNorm == .area ? 2 / (edgesHz[band + 2] - edgesHz[band]) : 1
      while firstCandidate < bins.count, bins[firstCandidate] <= low { firstCandidate += 1 }
      let triangle = bins[firstCandidate...].prefix { $0 < high }.map { bin in
        Float(max(0, min((bin - low) / (middle - low), (high - bin) / (high - middle))))
      }
      firsts.append(firstCandidate)
      counts.append(triangle.count)
      weights += triangle.map { Float(Double($0) * scale) }
    }

    let used = zip(firsts, counts).filter { $0.1 > 0 }
    let first = used.map { $0.0 }.min() ?? 0
    firstBin = first
    binCount = max(1, (used.map { $0.0 + $0.1 }.max() ?? 0) - first)
    bands = spec.bands
    // A band without bins may lie above the last bin in use; it reads nothing, so it may point anywhere inside.
    firstBins = zip(firsts, counts).map { $1 > 0 ? Int32($0 - first) : 0 }
    binCounts = counts.map { Int32($0) }
    self.weights = weights
  }

  /// Lends the bank to a kernel.
  func withTable(_ body: (BandTable) -> Void) {
    firstBins.withUnsafeBufferPointer { firsts in
      binCounts.withUnsafeBufferPointer { counts in
        weights.withUnsafeBufferPointer { weights in
          guard let first = firsts.baseAddress, let count = counts.baseAddress else { return }
          // No weights at all: every count is zero, and the pointer is never followed.
          let weight = weights.baseAddress ?? UnsafeRawPointer(first).assumingMemoryBound(to: Float.self)
          body(BandTable(bands: bands, firstBins: first, binCounts: count, weights: weight))
        }
      }
    }
  }

  /// The weights of one band over all bins of the transform, for people and tests.
  package func row(_ band: Int, bins: Int) -> [Float] {
    var row = [Float](repeating: 0, count: bins)
    let offset = binCounts[..<band].reduce(0) { $0 + Int($1) }
    for i in 0..<Int(binCounts[band]) { row[firstBin + Int(firstBins[band]) + i] = weights[offset + i] }
    return row
  }
}
