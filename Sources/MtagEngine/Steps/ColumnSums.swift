import MtagKernelTypes

/// Sums over the rows of a matrix for each column: in double precision, over pieces that do not depend on the number of threads.
final class ColumnSums {
  private let columns: Int
  private let rows: Int
  private let pieces: ChannelSums
  private static let pieceLimit = 16
  private static let grain = 128

  /// - Parameters:
  ///   - columns: a multiple of 16.
  ///   - rows: how many there are at every call.
  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    let size = StepContext.pieceSize(rows, limit: Self.pieceLimit, grain: Self.grain)
    pieces = ChannelSums(width: columns, pieces: max(1, (rows + size - 1) / size))
  }

  /// The sums; valid until the next call.
  func sums(of matrix: UnsafePointer<Float>, stride: Int, _ context: StepContext) -> UnsafePointer<Double> {
    pieces.reset()
    context.forPieces(rows, limit: Self.pieceLimit, grain: Self.grain) { piece, range, _ in
      context.kernels.sequences.columnSums(
        pieces.piece(piece), matrix, stride, columns, range.lowerBound, range.count)
    }
    return pieces.total()
  }
}
