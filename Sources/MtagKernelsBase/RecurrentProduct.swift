/// out = start + a · w: a few rows times a matrix `[depth, columns]` that stays in the caches. `columns` is a multiple of 16; start
/// may be out itself, and its rows stand `startStride` floats apart, or are one and the same (0).
///
/// Sums run over the depth in order, one product after the other, whatever the number of rows.
@inline(__always) func rowsProduct(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ start: UnsafePointer<Float>, _ startStride: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ w: UnsafePointer<Float>, _ depth: Int, _ columns: Int,
  _ rows: Int
) {
  if rows == 4 {
    fourRows(out, outStride, start, startStride, a, aStride, w, depth, columns)
  } else {
    for row in 0..<rows {
      oneRow(out + row * outStride, start + row * startStride, a + row * aStride, w, depth, columns)
    }
  }
}

private func oneRow(
  _ out: UnsafeMutablePointer<Float>, _ start: UnsafePointer<Float>, _ a: UnsafePointer<Float>,
  _ w: UnsafePointer<Float>, _ depth: Int, _ columns: Int
) {
  var column = 0
  while column + 4 * laneCount <= columns {
    let from = start + column
    var (c0, c1) = (load(from), load(from + laneCount))
    var (c2, c3) = (load(from + 2 * laneCount), load(from + 3 * laneCount))
    var source = w + column
    for k in 0..<depth {
      c0 = multiplyAdd(c0, a[k], load(source))
      c1 = multiplyAdd(c1, a[k], load(source + laneCount))
      c2 = multiplyAdd(c2, a[k], load(source + 2 * laneCount))
      c3 = multiplyAdd(c3, a[k], load(source + 3 * laneCount))
      source += columns
    }
    store(out + column, c0)
    store(out + column + laneCount, c1)
    store(out + column + 2 * laneCount, c2)
    store(out + column + 3 * laneCount, c3)
    column += 4 * laneCount
  }
  while column < columns {
    var sum = load(start + column)
    for k in 0..<depth { sum = multiplyAdd(sum, a[k], load(w + k * columns + column)) }
    store(out + column, sum)
    column += laneCount
  }
}

private func fourRows(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ start: UnsafePointer<Float>, _ startStride: Int,
  _ a: UnsafePointer<Float>, _ aStride: Int, _ w: UnsafePointer<Float>, _ depth: Int, _ columns: Int
) {
  let (a1, a2, a3) = (a + aStride, a + 2 * aStride, a + 3 * aStride)
  var column = 0
  while column < columns {
    let from = start + column
    // Two registers of each row where two are left, else one twice.
    let next = column + laneCount < columns ? laneCount : 0
    var (c00, c01) = (load(from), load(from + next))
    var (c10, c11) = (load(from + startStride), load(from + startStride + next))
    var (c20, c21) = (load(from + 2 * startStride), load(from + 2 * startStride + next))
    var (c30, c31) = (load(from + 3 * startStride), load(from + 3 * startStride + next))
    var source = w + column
    for k in 0..<depth {
      let (w0, w1) = (load(source), load(source + next))
      c00 = multiplyAdd(c00, a[k], w0)
      c01 = multiplyAdd(c01, a[k], w1)
      c10 = multiplyAdd(c10, a1[k], w0)
      c11 = multiplyAdd(c11, a1[k], w1)
      c20 = multiplyAdd(c20, a2[k], w0)
      c21 = multiplyAdd(c21, a2[k], w1)
      c30 = multiplyAdd(c30, a3[k], w0)
      c31 = multiplyAdd(c31, a3[k], w1)
      source += columns
    }
    let to = out + column
    store(to, c00)
    store(to + next, c01)
    store(to + outStride, c10)
    store(to + outStride + next, c11)
    store(to + 2 * outStride, c20)
    store(to + 2 * outStride + next, c21)
    store(to + 3 * outStride, c30)
    store(to + 3 * outStride + next, c31)
    column += 2 * laneCount
  }
}
