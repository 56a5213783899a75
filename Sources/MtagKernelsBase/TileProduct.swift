/// One full tile of a matrix product with packed operands; see `RegisterTile`.
func tileProduct(
  _ depth: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>
) {
  tileFull(depth, a, 1, tileRows, b, c, panelWidth, false)
}
