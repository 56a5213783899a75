// The one-dimensional transforms of Winograd's F(4, 3) with the points 0, ±a, ±b and ∞, a = √½ and b = √2. The two-dimensional ones
// apply them to columns, then to rows. The construction is Toom and Cook's, as in Lavin and Gray (2015); with a b = 1 the
// transforms' largest coefficient is 2.8 instead of the 8 of the usual points ±1 and ±2, and the error two to three times smaller.

/// √½
@inline(__always) var pointA: Float { 0.707_106_78 }
/// √2
@inline(__always) var pointB: Float { 1.414_213_6 }

/// Four lanes-wide values.
typealias Four = (Lanes, Lanes, Lanes, Lanes)
/// Six lanes-wide values.
typealias Six = (Lanes, Lanes, Lanes, Lanes, Lanes, Lanes)

/// Bᵀ d: six inputs of a tile to six points.
@inline(__always) func inputPoints(_ d: Six) -> Six {
  let a = multiplyAdd(d.4, -2, d.2)
  let b = multiplyAdd(d.4, -0.5, d.2)
  let c = multiplyAdd(d.3, -2, d.1)
  let e = multiplyAdd(d.3, -0.5, d.1)
  return (
    multiplyAdd(d.0 + d.4, -2.5, d.2), multiplyAdd(a, pointA, c), multiplyAdd(a, -pointA, c),
    multiplyAdd(b, pointB, e), multiplyAdd(b, -pointB, e), multiplyAdd(d.1 + d.5, -2.5, d.3)
  )
}

/// Aᵀ m: six points to four outputs.
@inline(__always) func outputs(_ m: Six) -> Four {
  let p = m.1 + m.2
  let q = m.1 - m.2
  let r = m.3 + m.4
  let s = m.3 - m.4
  return (
    m.0 + p + r, multiplyAdd(pointA * q, pointB, s), multiplyAdd(0.5 * p, 2, r),
    multiplyAdd(multiplyAdd(m.5, 0.5 * pointA, q), 2 * pointB, s)
  )
}

/// The same for F(2, 5): six points to two outputs.
@inline(__always) func twoOutputs(_ m: Six) -> (Lanes, Lanes) {
  (
    m.0 + (m.1 + m.2) + (m.3 + m.4),
    multiplyAdd(multiplyAdd(m.5, pointA, m.1 - m.2), pointB, m.3 - m.4)
  )
}

/// A g: four gradients of outputs to six points.
@inline(__always) func gradientPoints(_ g: Four) -> Six {
  let a = multiplyAdd(g.0, 0.5, g.2)
  let b = multiplyAdd(g.1, 0.5, g.3)
  let c = multiplyAdd(g.0, 2, g.2)
  let d = multiplyAdd(g.1, 2, g.3)
  return (
    g.0, multiplyAdd(a, pointA, b), multiplyAdd(a, -pointA, b), multiplyAdd(c, pointB, d),
    multiplyAdd(c, -pointB, d), g.3
  )
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

/// The first four rows of such a block.
@inline(__always) func put(_ block: UnsafeMutablePointer<Float>, column: Int, _ four: Four) {
  let p = block + column * laneCount
  let row = 6 * laneCount
  store(p, four.0)
  store(p + row, four.1)
  store(p + 2 * row, four.2)
  store(p + 3 * row, four.3)
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
