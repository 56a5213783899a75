/// Products of small matrices, row-major; fast enough for a check.
enum MatrixLoops {
  /// c[m, n] += a[m, k] · b[k, n]. Sums of 256 products are added up by themselves, so that long ones keep their digits.
  static func addProduct(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>, rows: Int,
    depth: Int, columns: Int
  ) {
    let piece = 256
    var start = 0
    while start < depth {
      let end = min(depth, start + piece)
      var row = 0
      while row < rows {
        let count = min(4, rows - row)
        var column = 0
        while column + 8 <= columns {
          addTile(
            a + row * depth, b + column, c + row * columns + column, count, start, end, depth, columns)
          column += 8
        }
        while column < columns {
          for r in row..<(row + count) {
            var sum: Float = 0
            for k in start..<end { sum += a[r * depth + k] * b[k * columns + column] }
            c[r * columns + column] += sum
          }
          column += 1
        }
        row += count
      }
      start = end
    }
  }

  /// Up to four rows of eight columns.
  @inline(__always)
  private static func addTile(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>, _ rows: Int,
    _ start: Int, _ end: Int, _ depth: Int, _ columns: Int
  ) {
    let zero = SIMD8<Float>(repeating: 0)
    var (sum0, sum1, sum2, sum3) = (zero, zero, zero, zero)
    // Rows that are not there read the first again and are not stored.
    let row1 = rows > 1 ? depth : 0
    let row2 = rows > 2 ? 2 * depth : 0
    let row3 = rows > 3 ? 3 * depth : 0
    for k in start..<end {
      let values = UnsafeRawPointer(b + k * columns).loadUnaligned(as: SIMD8<Float>.self)
      sum0 += values * a[k]
      sum1 += values * a[row1 + k]
      sum2 += values * a[row2 + k]
      sum3 += values * a[row3 + k]
    }
    add(sum0, to: c)
    if rows > 1 { add(sum1, to: c + columns) }
    if rows > 2 { add(sum2, to: c + 2 * columns) }
    if rows > 3 { add(sum3, to: c + 3 * columns) }
  }

  @inline(__always)
  private static func add(_ sum: SIMD8<Float>, to place: UnsafeMutablePointer<Float>) {
    let raw = UnsafeMutableRawPointer(place)
    raw.storeBytes(of: raw.loadUnaligned(as: SIMD8<Float>.self) + sum, as: SIMD8<Float>.self)
  }
}
