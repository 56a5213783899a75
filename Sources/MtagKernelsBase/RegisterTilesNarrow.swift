// A panel of one register has as many rows at a time as a full one: with fewer, each sum would wait for its last addition.

#if MTAG_V4
  /// 12 rows, one register wide.
  @inline(never) func tileNarrow(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0 = Lanes.zero, c1 = Lanes.zero
    var c2 = Lanes.zero, c3 = Lanes.zero
    var c4 = Lanes.zero, c5 = Lanes.zero
    var c6 = Lanes.zero, c7 = Lanes.zero
    var c8 = Lanes.zero, c9 = Lanes.zero
    var c10 = Lanes.zero, c11 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var a6 = a + 6 * rowStride
    var a9 = a + 9 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      c0 = multiplyAdd(c0, a0[0], b0)
      c1 = multiplyAdd(c1, a0[rowStride], b0)
      c2 = multiplyAdd(c2, a0[2 * rowStride], b0)
      c3 = multiplyAdd(c3, a3[0], b0)
      c4 = multiplyAdd(c4, a3[rowStride], b0)
      c5 = multiplyAdd(c5, a3[2 * rowStride], b0)
      c6 = multiplyAdd(c6, a6[0], b0)
      c7 = multiplyAdd(c7, a6[rowStride], b0)
      c8 = multiplyAdd(c8, a6[2 * rowStride], b0)
      c9 = multiplyAdd(c9, a9[0], b0)
      c10 = multiplyAdd(c10, a9[rowStride], b0)
      c11 = multiplyAdd(c11, a9[2 * rowStride], b0)
      a0 += depthStride
      a3 += depthStride
      a6 += depthStride
      a9 += depthStride
      b += laneCount
    }
    put(c, c0, accumulates)
    put(c + 1 * cStride, c1, accumulates)
    put(c + 2 * cStride, c2, accumulates)
    put(c + 3 * cStride, c3, accumulates)
    put(c + 4 * cStride, c4, accumulates)
    put(c + 5 * cStride, c5, accumulates)
    put(c + 6 * cStride, c6, accumulates)
    put(c + 7 * cStride, c7, accumulates)
    put(c + 8 * cStride, c8, accumulates)
    put(c + 9 * cStride, c9, accumulates)
    put(c + 10 * cStride, c10, accumulates)
    put(c + 11 * cStride, c11, accumulates)
  }
#else
  /// 6 rows, one register wide.
  @inline(never) func tileNarrow(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0 = Lanes.zero, c1 = Lanes.zero
    var c2 = Lanes.zero, c3 = Lanes.zero
    var c4 = Lanes.zero, c5 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      c0 = multiplyAdd(c0, a0[0], b0)
      c1 = multiplyAdd(c1, a0[rowStride], b0)
      c2 = multiplyAdd(c2, a0[2 * rowStride], b0)
      c3 = multiplyAdd(c3, a3[0], b0)
      c4 = multiplyAdd(c4, a3[rowStride], b0)
      c5 = multiplyAdd(c5, a3[2 * rowStride], b0)
      a0 += depthStride
      a3 += depthStride
      b += laneCount
    }
    put(c, c0, accumulates)
    put(c + 1 * cStride, c1, accumulates)
    put(c + 2 * cStride, c2, accumulates)
    put(c + 3 * cStride, c3, accumulates)
    put(c + 4 * cStride, c4, accumulates)
    put(c + 5 * cStride, c5, accumulates)
  }
#endif
