/// The register tile that all matrix products of a level are made of, on its own: for measuring what the processor can do.
public struct RegisterTile: Sendable {
  /// Rows of the product.
  public let rows: Int
  /// Columns of the product.
  public let columns: Int
  /// c = a b, with a `[depth, rows]`, b `[depth, columns]` and c `[rows, columns]`: 2 · depth · rows · columns operations.
  public let product:
    @Sendable (
      _ depth: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
    ) -> Void

  /// Makes a tile.
  public init(
    rows: Int, columns: Int,
    product:
      @escaping @Sendable (
        _ depth: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    self.rows = rows
    self.columns = columns
    self.product = product
  }
}
