import MtagKernelTypes

/// Weights of every bin in every row: filters that reach over the whole spectrum.
struct DenseBank: Sendable {
  let rows: Int
  let depth: Int
  /// `[rows rounded up to 8 / 8, depth, 8]`, as the kernel reads them.
  private let panels: [Float]

  /// 16 million weights, 64 MB: a spec may come from a stranger's file.
  private static let largestCount = 16_777_216

  /// Packs weights; `weight(row, bin)` is asked once for each.
  init(rows: Int, depth: Int, _ weight: (_ row: Int, _ bin: Int) -> Float) {
    let width = ExtractorKernels.panelRows
    let panelCount = (rows + width - 1) / width
    var panels = [Float](repeating: 0, count: panelCount * depth * width)
    for row in 0..<rows {
      let start = row / width * depth * width + row % width
      for bin in 0..<depth { panels[start + bin * width] = weight(row, bin) }
    }
    self.rows = rows
    self.depth = depth
    self.panels = panels
  }

  /// The weights of one row over all bins.
  func row(_ row: Int) -> [Float] {
    let width = ExtractorKernels.panelRows
    let start = row / width * depth * width + row % width
    return (0..<depth).map { panels[start + $0 * width] }
  }

  /// `[depth, 16]` → `[rows, 16]`; raises the largest of each column in `peaks`.
  func sums(
    _ out: UnsafeMutablePointer<Float>, peaks: UnsafeMutablePointer<Float>, bins: UnsafePointer<Float>,
    kernels: ExtractorKernels
  ) {
    panels.withUnsafeBufferPointer { panels in
      guard let weights = panels.baseAddress else { return }
      kernels.denseSums(out, peaks, bins, weights, rows, depth)
    }
  }

  /// - Throws: `MtagError` (usage) if a spec's bands and bins need more weights than memory is meant for.
  static func check(_ spec: FeatureSpec) throws {
    let bins = spec.fftSize / 2 + 1
    guard spec.bands * bins <= largestCount else {
      throw spec.invalid(
        "bands \(spec.bands) over the \(bins) bins of fftSize \(spec.fftSize) need more than \(largestCount) weights"
      )
    }
  }
}
