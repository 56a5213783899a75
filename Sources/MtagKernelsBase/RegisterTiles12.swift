#if MTAG_V4
  /// Rows of the tallest tile.
  @inline(__always) var tileRows: Int { 12 }

  /// 12 rows, two registers wide.
  @inline(never) func tileFull(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero, c0x1 = Lanes.zero
    var c1x0 = Lanes.zero, c1x1 = Lanes.zero
    var c2x0 = Lanes.zero, c2x1 = Lanes.zero
    var c3x0 = Lanes.zero, c3x1 = Lanes.zero
    var c4x0 = Lanes.zero, c4x1 = Lanes.zero
    var c5x0 = Lanes.zero, c5x1 = Lanes.zero
    var c6x0 = Lanes.zero, c6x1 = Lanes.zero
    var c7x0 = Lanes.zero, c7x1 = Lanes.zero
    var c8x0 = Lanes.zero, c8x1 = Lanes.zero
    var c9x0 = Lanes.zero, c9x1 = Lanes.zero
    var c10x0 = Lanes.zero, c10x1 = Lanes.zero
    var c11x0 = Lanes.zero, c11x1 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var a6 = a + 6 * rowStride
    var a9 = a + 9 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      let b1 = load(b + laneCount)
      let s0 = Lanes(repeating: a0[0])
      c0x0 = multiplyAdd(c0x0, s0, b0)
      c0x1 = multiplyAdd(c0x1, s0, b1)
      let s1 = Lanes(repeating: a0[rowStride])
      c1x0 = multiplyAdd(c1x0, s1, b0)
      c1x1 = multiplyAdd(c1x1, s1, b1)
      let s2 = Lanes(repeating: a0[2 * rowStride])
      c2x0 = multiplyAdd(c2x0, s2, b0)
      c2x1 = multiplyAdd(c2x1, s2, b1)
      let s3 = Lanes(repeating: a3[0])
      c3x0 = multiplyAdd(c3x0, s3, b0)
      c3x1 = multiplyAdd(c3x1, s3, b1)
      let s4 = Lanes(repeating: a3[rowStride])
      c4x0 = multiplyAdd(c4x0, s4, b0)
      c4x1 = multiplyAdd(c4x1, s4, b1)
      let s5 = Lanes(repeating: a3[2 * rowStride])
      c5x0 = multiplyAdd(c5x0, s5, b0)
      c5x1 = multiplyAdd(c5x1, s5, b1)
      let s6 = Lanes(repeating: a6[0])
      c6x0 = multiplyAdd(c6x0, s6, b0)
      c6x1 = multiplyAdd(c6x1, s6, b1)
      let s7 = Lanes(repeating: a6[rowStride])
      c7x0 = multiplyAdd(c7x0, s7, b0)
      c7x1 = multiplyAdd(c7x1, s7, b1)
      let s8 = Lanes(repeating: a6[2 * rowStride])
      c8x0 = multiplyAdd(c8x0, s8, b0)
      c8x1 = multiplyAdd(c8x1, s8, b1)
      let s9 = Lanes(repeating: a9[0])
      c9x0 = multiplyAdd(c9x0, s9, b0)
      c9x1 = multiplyAdd(c9x1, s9, b1)
      let s10 = Lanes(repeating: a9[rowStride])
      c10x0 = multiplyAdd(c10x0, s10, b0)
      c10x1 = multiplyAdd(c10x1, s10, b1)
      let s11 = Lanes(repeating: a9[2 * rowStride])
      c11x0 = multiplyAdd(c11x0, s11, b0)
      c11x1 = multiplyAdd(c11x1, s11, b1)
      a0 += depthStride
      a3 += depthStride
      a6 += depthStride
      a9 += depthStride
      b += panelWidth
    }
    put(c, c0x0, accumulates)
    put(c + laneCount, c0x1, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
    put(c + 1 * cStride + laneCount, c1x1, accumulates)
    put(c + 2 * cStride, c2x0, accumulates)
    put(c + 2 * cStride + laneCount, c2x1, accumulates)
    put(c + 3 * cStride, c3x0, accumulates)
    put(c + 3 * cStride + laneCount, c3x1, accumulates)
    put(c + 4 * cStride, c4x0, accumulates)
    put(c + 4 * cStride + laneCount, c4x1, accumulates)
    put(c + 5 * cStride, c5x0, accumulates)
    put(c + 5 * cStride + laneCount, c5x1, accumulates)
    put(c + 6 * cStride, c6x0, accumulates)
    put(c + 6 * cStride + laneCount, c6x1, accumulates)
    put(c + 7 * cStride, c7x0, accumulates)
    put(c + 7 * cStride + laneCount, c7x1, accumulates)
    put(c + 8 * cStride, c8x0, accumulates)
    put(c + 8 * cStride + laneCount, c8x1, accumulates)
    put(c + 9 * cStride, c9x0, accumulates)
    put(c + 9 * cStride + laneCount, c9x1, accumulates)
    put(c + 10 * cStride, c10x0, accumulates)
    put(c + 10 * cStride + laneCount, c10x1, accumulates)
    put(c + 11 * cStride, c11x0, accumulates)
    put(c + 11 * cStride + laneCount, c11x1, accumulates)
  }

  /// 8 rows, two registers wide.
  @inline(never) func tileTwoThirds(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero, c0x1 = Lanes.zero
    var c1x0 = Lanes.zero, c1x1 = Lanes.zero
    var c2x0 = Lanes.zero, c2x1 = Lanes.zero
    var c3x0 = Lanes.zero, c3x1 = Lanes.zero
    var c4x0 = Lanes.zero, c4x1 = Lanes.zero
    var c5x0 = Lanes.zero, c5x1 = Lanes.zero
    var c6x0 = Lanes.zero, c6x1 = Lanes.zero
    var c7x0 = Lanes.zero, c7x1 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var a6 = a + 6 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      let b1 = load(b + laneCount)
      let s0 = Lanes(repeating: a0[0])
      c0x0 = multiplyAdd(c0x0, s0, b0)
      c0x1 = multiplyAdd(c0x1, s0, b1)
      let s1 = Lanes(repeating: a0[rowStride])
      c1x0 = multiplyAdd(c1x0, s1, b0)
      c1x1 = multiplyAdd(c1x1, s1, b1)
      let s2 = Lanes(repeating: a0[2 * rowStride])
      c2x0 = multiplyAdd(c2x0, s2, b0)
      c2x1 = multiplyAdd(c2x1, s2, b1)
      let s3 = Lanes(repeating: a3[0])
      c3x0 = multiplyAdd(c3x0, s3, b0)
      c3x1 = multiplyAdd(c3x1, s3, b1)
      let s4 = Lanes(repeating: a3[rowStride])
      c4x0 = multiplyAdd(c4x0, s4, b0)
      c4x1 = multiplyAdd(c4x1, s4, b1)
      let s5 = Lanes(repeating: a3[2 * rowStride])
      c5x0 = multiplyAdd(c5x0, s5, b0)
      c5x1 = multiplyAdd(c5x1, s5, b1)
      let s6 = Lanes(repeating: a6[0])
      c6x0 = multiplyAdd(c6x0, s6, b0)
      c6x1 = multiplyAdd(c6x1, s6, b1)
      let s7 = Lanes(repeating: a6[rowStride])
      c7x0 = multiplyAdd(c7x0, s7, b0)
      c7x1 = multiplyAdd(c7x1, s7, b1)
      a0 += depthStride
      a3 += depthStride
      a6 += depthStride
      b += panelWidth
    }
    put(c, c0x0, accumulates)
    put(c + laneCount, c0x1, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
    put(c + 1 * cStride + laneCount, c1x1, accumulates)
    put(c + 2 * cStride, c2x0, accumulates)
    put(c + 2 * cStride + laneCount, c2x1, accumulates)
    put(c + 3 * cStride, c3x0, accumulates)
    put(c + 3 * cStride + laneCount, c3x1, accumulates)
    put(c + 4 * cStride, c4x0, accumulates)
    put(c + 4 * cStride + laneCount, c4x1, accumulates)
    put(c + 5 * cStride, c5x0, accumulates)
    put(c + 5 * cStride + laneCount, c5x1, accumulates)
    put(c + 6 * cStride, c6x0, accumulates)
    put(c + 6 * cStride + laneCount, c6x1, accumulates)
    put(c + 7 * cStride, c7x0, accumulates)
    put(c + 7 * cStride + laneCount, c7x1, accumulates)
  }

  /// 4 rows, two registers wide.
  @inline(never) func tileThird(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero, c0x1 = Lanes.zero
    var c1x0 = Lanes.zero, c1x1 = Lanes.zero
    var c2x0 = Lanes.zero, c2x1 = Lanes.zero
    var c3x0 = Lanes.zero, c3x1 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      let b1 = load(b + laneCount)
      let s0 = Lanes(repeating: a0[0])
      c0x0 = multiplyAdd(c0x0, s0, b0)
      c0x1 = multiplyAdd(c0x1, s0, b1)
      let s1 = Lanes(repeating: a0[rowStride])
      c1x0 = multiplyAdd(c1x0, s1, b0)
      c1x1 = multiplyAdd(c1x1, s1, b1)
      let s2 = Lanes(repeating: a0[2 * rowStride])
      c2x0 = multiplyAdd(c2x0, s2, b0)
      c2x1 = multiplyAdd(c2x1, s2, b1)
      let s3 = Lanes(repeating: a3[0])
      c3x0 = multiplyAdd(c3x0, s3, b0)
      c3x1 = multiplyAdd(c3x1, s3, b1)
      a0 += depthStride
      a3 += depthStride
      b += panelWidth
    }
    put(c, c0x0, accumulates)
    put(c + laneCount, c0x1, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
    put(c + 1 * cStride + laneCount, c1x1, accumulates)
    put(c + 2 * cStride, c2x0, accumulates)
    put(c + 2 * cStride + laneCount, c2x1, accumulates)
    put(c + 3 * cStride, c3x0, accumulates)
    put(c + 3 * cStride + laneCount, c3x1, accumulates)
  }

  /// 4 rows, one register wide: the rest of a matrix whose columns are an odd number of registers.
  @inline(never) func tileThirdNarrow(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero
    var c1x0 = Lanes.zero
    var c2x0 = Lanes.zero
    var c3x0 = Lanes.zero
    var a0 = a
    var a3 = a + 3 * rowStride
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      let s0 = Lanes(repeating: a0[0])
      c0x0 = multiplyAdd(c0x0, s0, b0)
      let s1 = Lanes(repeating: a0[rowStride])
      c1x0 = multiplyAdd(c1x0, s1, b0)
      let s2 = Lanes(repeating: a0[2 * rowStride])
      c2x0 = multiplyAdd(c2x0, s2, b0)
      let s3 = Lanes(repeating: a3[0])
      c3x0 = multiplyAdd(c3x0, s3, b0)
      a0 += depthStride
      a3 += depthStride
      b += laneCount
    }
    put(c, c0x0, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
    put(c + 2 * cStride, c2x0, accumulates)
    put(c + 3 * cStride, c3x0, accumulates)
  }
#endif
