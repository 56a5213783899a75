internal import COpenBLAS

/// Matrix products by OpenBLAS, one thread each: parallel work is cut by the engine, so that sums do not depend on the number
/// of threads.
enum BLAS {
  private static let configured: Void = openblas_set_num_threads(1)

  /// c `[rows, columns]` = a `[rows, depth]` · b `[depth, columns]` (+ c). A transposed operand is stored with its axes
  /// swapped; strides are floats from one stored row to the next.
  static func product(
    rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, aStride: Int, aIsTransposed: Bool = false,
    b: UnsafePointer<Float>, bStride: Int, bIsTransposed: Bool = false, c: UnsafeMutablePointer<Float>,
    cStride: Int, accumulates: Bool = false
  ) {
    _ = configured
    cblas_sgemm(
      CblasRowMajor, aIsTransposed ? CblasTrans : CblasNoTrans, bIsTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(depth), 1, a, Int32(aStride), b, Int32(bStride), accumulates ? 1 : 0,
      c,
      Int32(cStride))
  }
}
