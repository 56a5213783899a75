#if !MTAG_V4
  /// Rows of the tallest tile.
  @inline(__always) var tileRows: Int { 6 }

  /// 6 rows, two registers wide.
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
      let s4 = Lanes(repeating: a3[rowStride])
      c4x0 = multiplyAdd(c4x0, s4, b0)
      c4x1 = multiplyAdd(c4x1, s4, b1)
      let s5 = Lanes(repeating: a3[2 * rowStride])
      c5x0 = multiplyAdd(c5x0, s5, b0)
      c5x1 = multiplyAdd(c5x1, s5, b1)
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
    put(c + 4 * cStride, c4x0, accumulates)
    put(c + 4 * cStride + laneCount, c4x1, accumulates)
    put(c + 5 * cStride, c5x0, accumulates)
    put(c + 5 * cStride + laneCount, c5x1, accumulates)
  }

  /// 4 rows, two registers wide.
  @inline(never) func tileTwoThirds(
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

  /// 2 rows, two registers wide.
  @inline(never) func tileThird(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero, c0x1 = Lanes.zero
    var c1x0 = Lanes.zero, c1x1 = Lanes.zero
    var a0 = a
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
      a0 += depthStride
      b += panelWidth
    }
    put(c, c0x0, accumulates)
    put(c + laneCount, c0x1, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
    put(c + 1 * cStride + laneCount, c1x1, accumulates)
  }

  /// 2 rows, one register wide: the rest of a matrix whose columns are an odd number of registers.
  @inline(never) func tileThirdNarrow(
    _ depth: Int, _ a: UnsafePointer<Float>, _ rowStride: Int, _ depthStride: Int, _ b: UnsafePointer<Float>,
    _ c: UnsafeMutablePointer<Float>, _ cStride: Int, _ accumulates: Bool
  ) {
    var c0x0 = Lanes.zero
    var c1x0 = Lanes.zero
    var a0 = a
    var b = b
    for _ in 0..<depth {
      let b0 = load(b)
      let s0 = Lanes(repeating: a0[0])
      c0x0 = multiplyAdd(c0x0, s0, b0)
      let s1 = Lanes(repeating: a0[rowStride])
      c1x0 = multiplyAdd(c1x0, s1, b0)
      a0 += depthStride
      b += laneCount
    }
    put(c, c0x0, accumulates)
    put(c + 1 * cStride, c1x0, accumulates)
  }
#endif
