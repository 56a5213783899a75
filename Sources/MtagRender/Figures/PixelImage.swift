/// Pixels as cairo has them: 32 bits each, `0xRRGGBB` in the machine's byte order, the top row first.
struct PixelImage {
  let width: Int
  let height: Int
  var pixels: [UInt32]

  /// A black image.
  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  /// One row as RGB bytes.
  func fillRow(_ row: Int, _ bytes: inout [UInt8]) {
    for column in 0..<width {
      let pixel = pixels[row * width + column]
      bytes[3 * column] = UInt8(truncatingIfNeeded: pixel >> 16)
      bytes[3 * column + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
      bytes[3 * column + 2] = UInt8(truncatingIfNeeded: pixel)
    }
  }
}

extension ColorMap {
  /// The colours as pixels of a `PixelImage`.
  var pixels: [UInt32] { colors.map { UInt32($0.x) << 16 | UInt32($0.y) << 8 | UInt32($0.z) } }
}
