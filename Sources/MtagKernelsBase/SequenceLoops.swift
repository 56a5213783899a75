// Softmax, sums of columns and of weighted rows.

/// The sum of a register's lanes, pairs first.
@inline(__always) func laneSum(_ value: Lanes) -> Float {
  var total: Float = 0
  for i in 0..<(laneCount / 2) { total += value[i] + value[i + laneCount / 2] }
  return total
}

func softmaxRows(
  _ values: UnsafeMutablePointer<Float>, _ rowStride: Int, _ count: Int, _ rows: Int, _ scale: Float
) {
  let padded = (count + 15) / 16 * 16
  for row in 0..<rows {
    let x = values + row * rowStride
    for i in count..<padded { x[i] = -.infinity }
    var largest = load(x)
    var i = laneCount
    while i < padded {
      largest = larger(largest, load(x + i))
      i += laneCount
    }
    var top = largest[0]
    for lane in 1..<laneCount where largest[lane] > top { top = largest[lane] }
    let shift = Lanes(repeating: -top * scale)
    var total = Lanes.zero
    i = 0
    while i < padded {
      let value = fullRangeExponential(multiplyAdd(shift, scale, load(x + i)))
      store(x + i, value)
      total += value
      i += laneCount
    }
    let share = Lanes(repeating: 1 / laneSum(total))
    i = 0
    while i < padded {
      store(x + i, load(x + i) * share)
      i += laneCount
    }
  }
}

func softmaxGradient(
  _ gradients: UnsafeMutablePointer<Float>, _ probabilities: UnsafePointer<Float>, _ rowStride: Int,
  _ count: Int,
  _ rows: Int, _ scale: Float
) {
  let padded = (count + 15) / 16 * 16
  for row in 0..<rows {
    let g = gradients + row * rowStride
    let p = probabilities + row * rowStride
    for i in count..<padded { g[i] = 0 }
    var total = Lanes.zero
    var i = 0
    while i < padded {
      total = multiplyAdd(total, load(g + i), load(p + i))
      i += laneCount
    }
    let mean = Lanes(repeating: laneSum(total))
    i = 0
    while i < padded {
      store(g + i, Lanes(repeating: scale) * load(p + i) * (load(g + i) - mean))
      i += laneCount
    }
  }
}

func columnSums(
  _ sums: UnsafeMutablePointer<Double>, _ x: UnsafePointer<Float>, _ rowStride: Int, _ columns: Int,
  _ first: Int,
  _ count: Int
) {
  var column = 0
  while column < columns {
    var start = first
    while start < first + count {
      // Short runs in single precision, added in double.
      let end = min(start + 128, first + count)
      var sum = Lanes.zero
      for row in start..<end { sum += load(x + row * rowStride + column) }
      for lane in 0..<laneCount { sums[column + lane] += Double(sum[lane]) }
      start = end
    }
    column += laneCount
  }
}

func weightedRows(
  _ out: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ rowStride: Int,
  _ weights: UnsafePointer<Float>,
  _ rows: Int, _ columns: Int
) {
  var column = 0
  while column + 4 * laneCount <= columns {
    var (a, b, c, d) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for row in 0..<rows {
      let source = x + row * rowStride + column
      a = multiplyAdd(a, weights[row], load(source))
      b = multiplyAdd(b, weights[row], load(source + laneCount))
      c = multiplyAdd(c, weights[row], load(source + 2 * laneCount))
      d = multiplyAdd(d, weights[row], load(source + 3 * laneCount))
    }
    store(out + column, a)
    store(out + column + laneCount, b)
    store(out + column + 2 * laneCount, c)
    store(out + column + 3 * laneCount, d)
    column += 4 * laneCount
  }
  while column + laneCount <= columns {
    var a = Lanes.zero
    for row in 0..<rows { a = multiplyAdd(a, weights[row], load(x + row * rowStride + column)) }
    store(out + column, a)
    column += laneCount
  }
  while column < columns {
    var a: Float = 0
    for row in 0..<rows { a += weights[row] * x[row * rowStride + column] }
    out[column] = a
    column += 1
  }
}

func addScaled(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ x: UnsafePointer<Float>, _ xStride: Int,
  _ weight: Float,
  _ count: Int
) {
  var i = 0
  if outStride == 1, xStride == 1 {
    while i + laneCount <= count {
      store(out + i, multiplyAdd(load(out + i), weight, load(x + i)))
      i += laneCount
    }
  }
  while i < count {
    out[i * outStride] += weight * x[i * xStride]
    i += 1
  }
}
