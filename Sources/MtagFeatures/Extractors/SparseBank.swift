import MtagKernelTypes

/// Band filters that are zero but for a run of bins each.
struct SparseBank: Sendable {
  /// How many filters there are.
  let bands: Int
  /// The first bin that any band uses.
  let firstBin: Int
  /// How many bins there are from the first to the last in use; at least 1.
  let binCount: Int
  /// First bin of each band, counted from `firstBin`.
  private let firstBins: [Int32]
  private let binCounts: [Int32]
  private let weights: [Float]

  /// Collects filters: the first bin of each, and its weights from there on.
  init(_ filters: [(firstBin: Int, weights: [Float])]) {
    let used = filters.filter { !$0.weights.isEmpty }
    let first = used.map(\.firstBin).min() ?? 0
    bands = filters.count
    firstBin = first
    binCount = max(1, (used.map { $0.firstBin + $0.weights.count }.max() ?? 0) - first)
    // A band without bins may lie above the last bin in use; it reads nothing, so it may point anywhere inside.
    firstBins = filters.map { $0.weights.isEmpty ? 0 : Int32($0.firstBin - first) }
    binCounts = filters.map { Int32($0.weights.count) }
    weights = filters.flatMap(\.weights)
  }

  /// Weights of all filters: multiply-accumulates of one frame.
  var weightCount: Int { weights.count }

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
  func row(_ band: Int, bins: Int) -> [Float] {
    var row = [Float](repeating: 0, count: bins)
    let offset = binCounts[..<band].reduce(0) { $0 + Int($1) }
    for i in 0..<Int(binCounts[band]) { row[firstBin + Int(firstBins[band]) + i] = weights[offset + i] }
    return row
  }
}
