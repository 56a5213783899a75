/// c `[rows, columns]` = a `[rows, depth]` · b `[depth, columns]` (+ c).
package struct MatrixProduct {
  /// One of the factors.
  package struct Factor {
    let pointer: UnsafePointer<Float>
    /// Floats from one stored row to the next.
    let stride: Int
    /// Whether it is stored with its axes swapped.
    let isTransposed: Bool

    /// Collects the numbers.
    package init(_ pointer: UnsafePointer<Float>, stride: Int, isTransposed: Bool = false) {
      self.pointer = pointer
      self.stride = stride
      self.isTransposed = isTransposed
    }

    fileprivate func from(row: Int) -> Factor {
      Factor(pointer + row * (isTransposed ? 1 : stride), stride: stride, isTransposed: isTransposed)
    }

    fileprivate func from(column: Int) -> Factor {
      Factor(pointer + column * (isTransposed ? stride : 1), stride: stride, isTransposed: isTransposed)
    }
  }

  let rows: Int
  let columns: Int
  let depth: Int
  let a: Factor
  let b: Factor
  let c: UnsafeMutablePointer<Float>
  /// Floats from one row of c to the next.
  let cStride: Int
  /// Whether the product is added to c.
  let accumulates: Bool

  /// Collects the numbers.
  package init(
    rows: Int, columns: Int, depth: Int, a: Factor, b: Factor, c: UnsafeMutablePointer<Float>, cStride: Int,
    accumulates: Bool = false
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.a = a
    self.b = b
    self.c = c
    self.cStride = cStride
    self.accumulates = accumulates
  }

  // MARK: - Pieces

  /// Multiplications that are worth a piece of their own: about 20 µs.
  private static let pieceWork = 1 << 21
  private static let mostPieces = 16
  /// Pieces are whole multiples of what OpenBLAS keeps in registers.
  private static let grain = 32

  private var cutsRows: Bool { rows > columns }

  private var pieceSize: Int {
    let wanted = max(1, min(rows * columns * depth / Self.pieceWork, Self.mostPieces))
    let length = max(rows, columns)
    return ((length + wanted - 1) / wanted + Self.grain - 1) / Self.grain * Self.grain
  }

  /// How many parts of c, cut along its longer side, can be computed apart.
  var pieces: Int { (max(rows, columns) + pieceSize - 1) / pieceSize }

  /// The product that makes one part of c.
  func piece(_ index: Int) -> MatrixProduct {
    let first = index * pieceSize
    let count = min(pieceSize, max(rows, columns) - first)
    return cutsRows
      ? MatrixProduct(
        rows: count, columns: columns, depth: depth, a: a.from(row: first), b: b, c: c + first * cStride,
        cStride: cStride, accumulates: accumulates)
      : MatrixProduct(
        rows: rows, columns: count, depth: depth, a: a, b: b.from(column: first), c: c + first,
        cStride: cStride, accumulates: accumulates)
  }
}
