// The one-dimensional transforms of Winograd's F(4, 3) with the points 0, ±1, ±2 and ∞. The two-dimensional ones apply them to
// columns, then to rows. Source: Lavin and Gray (2015), section 4.

/// Four lanes-wide values.
typealias Four = (Lanes, Lanes, Lanes, Lanes)
/// Six lanes-wide values.
typealias Six = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

/// Bᵀ d: six inputs of a tile to six points.
@inline(__always) func inputPoints(_ d: Six) -> Six {
  let a = multiplyAdd(d.4, -4, d.2)
  let b = multiplyAdd(d.3, -4, d.1)
  let c = d.4 - d.2
  let e = d.3 - d.1
  return (
    multiplyAdd(multiplyAdd(d.4, -5, d.2), 4, d.0), a + b, a - b, multiplyAdd(c, 2, e), multiplyAdd(c, -2, e),
    multiplyAdd(multiplyAdd(d.5, -5, d.3), 4, d.1)
  )
}

/// Aᵀ m: six points to four outputs.
@inline(__always) func outputs(_ m: Six) -> Four {
  let p = m.1 + m.2
  let q = m.1 - m.2
  let r = m.3 + m.4
  let s = m.3 - m.4
  return (m.0 + p + r, multiplyAdd(q, 2, s), multiplyAdd(p, 4, r), multiplyAdd(q, 8, s) + m.5)
}

/// A g: four gradients of outputs to six points.
@inline(__always) func gradientPoints(_ g: Four) -> Six {
  let a = g.0 + g.2
  let b = g.1 + g.3
  let c = multiplyAdd(g.0, 4, g.2)
  let d = multiplyAdd(2 * g.1, 8, g.3)
  return (g.0, a + b, a - b, c + d, c - d, g.3)
}

/// A 6×6 block of lanes in scratch memory, row-major.
@inline(__always) func put(_ block: UnsafeMutablePointer<Float>, column: Int, _ six: Six) {
  let p = block + column * laneCount
  let row = 6 * laneCount
  store(p, six.0)
  store(p + row, six.1)
  store(p + 2 * row, six.2)
  store(p + 3 * row, six.3)
  store(p + 4 * row, six.4)
  store(p + 5 * row, six.5)
}

@inline(__always) func take(_ block: UnsafeMutablePointer<Float>, row: Int) -> Six {
  let p = block + row * 6 * laneCount
  return (
    load(p), load(p + laneCount), load(p + 2 * laneCount), load(p + 3 * laneCount), load(p + 4 * laneCount),
    load(p + 5 * laneCount)
  )
}

/// Stores six values `stride` floats apart.
@inline(__always) func scatter(_ p: UnsafeMutablePointer<Float>, _ stride: Int, _ six: Six) {
  store(p, six.0)
  store(p + stride, six.1)
  store(p + 2 * stride, six.2)
  store(p + 3 * stride, six.3)
  store(p + 4 * stride, six.4)
  store(p + 5 * stride, six.5)
}

/// Loads six values `stride` floats apart.
@inline(__always) func gather(_ p: UnsafePointer<Float>, _ stride: Int) -> Six {
  (
    load(p), load(p + stride), load(p + 2 * stride), load(p + 3 * stride), load(p + 4 * stride),
    load(p + 5 * stride)
  )
}
