package import MtagCore

/// Matrix products by OpenBLAS, one thread each: parallel work is cut by the engine, so that sums do not depend on the number
/// of threads.
package struct BLAS: Sendable {
  private let library: OpenBLASLibrary

  /// The library of this process; opened by the first call.
  /// - Throws: `MtagError` (usage) if it is not installed.
  package static func load() throws -> BLAS { BLAS(library: try shared.get()) }

  private static let shared = Result { try OpenBLASLibrary() }

  /// OpenBLAS's name for the CPU whose kernels it runs, such as `SkylakeX`.
  package var coreName: String { library.coreName }
  /// OpenBLAS's version, such as `0.3.21`.
  package var version: String { library.version }

  /// Computes a product on the caller's thread.
  package func run(_ product: MatrixProduct) {
    let (rowMajor, plain, transposed): (UInt32, UInt32, UInt32) = (101, 111, 112)
    library.multiply(
      rowMajor, product.a.isTransposed ? transposed : plain, product.b.isTransposed ? transposed : plain,
      Int32(product.rows), Int32(product.columns), Int32(product.depth), 1, product.a.pointer,
      Int32(product.a.stride), product.b.pointer, Int32(product.b.stride), product.accumulates ? 1 : 0,
      product.c, Int32(product.cStride))
  }

  /// Computes a product on all threads, cut by its size alone.
  package func run(_ product: MatrixProduct, on executor: ParallelExecutor) {
    executor.forEach(chunks: product.pieces) { piece, _ in run(product.piece(piece)) }
  }
}
