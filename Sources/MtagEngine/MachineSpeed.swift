import MtagCore
import MtagKernelTypes
import MtagKernels

/// What this machine can do at most, measured by two short loops on all threads at once.
package struct MachineSpeed: Sendable, Hashable {
  /// The level of the hot loops: `v4`, `v3` or `base`.
  package let level: String
  /// Rows and columns of the register tile that was measured.
  package let tileRows: Int
  package let tileColumns: Int
  /// Operations of the register tile on data in the first cache, all threads together, in 10⁹ a second.
  package let gigaflops: Double
  /// Bytes read and written while copying blocks that no cache holds, all threads together, in 10⁹ a second.
  package let gigabytes: Double

  /// Measures for about a fifth of a second.
  /// - Throws: `MtagError` (usage) as `Kernels.table`.
  package static func measure(threads: Int) throws -> MachineSpeed {
    measure(threads: threads, kernels: try Kernels.table())
  }

  static func measure(threads: Int, kernels: KernelTable) -> MachineSpeed {
    let executor = ParallelExecutor(threads: threads)
    let tile = kernels.tile
    // 128 deep: both operands and the product stay in the first cache.
    let depth = 128
    let (aCount, bCount, cCount) = (depth * tile.rows, depth * tile.columns, tile.rows * tile.columns)
    let stride = aCount + bCount + cCount
    let operands = AlignedBuffer(count: stride * threads)
    let products = 20_000
    let tileSeconds = best(of: 5) {
      executor.forEach(chunks: threads) { chunk, _ in
        let a = operands.pointer + chunk * stride
        for _ in 0..<products { tile.product(depth, a, a + aCount, a + aCount + bCount) }
      }
    }
    let blockCount = 1 << 24  // 64 MiB
    let blocks = AlignedBuffer(count: 2 * blockCount)
    let pieces = 16
    let piece = blockCount / pieces
    let copySeconds = best(of: 4) {
      executor.forEach(chunks: pieces) { index, _ in
        (blocks.pointer + blockCount + index * piece).update(
          from: blocks.pointer + index * piece, count: piece)
      }
    }
    return MachineSpeed(
      level: kernels.level, tileRows: tile.rows, tileColumns: tile.columns,
      gigaflops: Double(2 * depth * cCount * products * threads) / tileSeconds * 1e-9,
      gigabytes: Double(2 * blockCount * MemoryLayout<Float>.stride) / copySeconds * 1e-9)
  }

  private static func best(of repeats: Int, _ body: () -> Void) -> Double {
    var shortest = Double.infinity
    for _ in 0..<repeats {
      let (seconds, attoseconds) = ContinuousClock().measure(body).components
      shortest = min(shortest, Double(seconds) + Double(attoseconds) * 1e-18)
    }
    return shortest
  }
}
