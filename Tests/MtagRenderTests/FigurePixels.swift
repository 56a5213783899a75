import MtagRender

/// The pixels of a colour PNG.
struct FigurePixels {
  let width: Int
  let height: Int
  let texts: [String: String]
  private var rows: [[UInt8]] = []

  init(path: String) throws {
    var decoder = try PNGDecoder(path: path, isColor: true)
    (width, height) = (decoder.width, decoder.height)
    var row = [UInt8](repeating: 0, count: decoder.rowBytes)
    for _ in 0..<height {
      try decoder.readRow(into: &row)
      rows.append(row)
    }
    texts = try decoder.finish()
  }

  subscript(x: Int, y: Int) -> SIMD3<UInt8> {
    SIMD3(rows[y][3 * x], rows[y][3 * x + 1], rows[y][3 * x + 2])
  }

  /// How bright a pixel is: `ember` grows in this.
  func brightness(_ x: Int, _ y: Int) -> Int {
    let color = self[x, y]
    return Int(color.x) + Int(color.y) + Int(color.z)
  }
}
