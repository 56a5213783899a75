import MtagKernelTypes

@inline(__always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .> a) }

/// The four values under one 2×2 pooling window, in scan order; without pooling, one value four times.
struct Window {
  let y0: Lanes
  let y1: Lanes
  let y2: Lanes
  let y3: Lanes

  @inline(__always) init(_ shape: NormShape, _ row: UnsafePointer<Float>, _ frame: Int, _ channel: Int) {
    guard shape.hasPool else {
      let y = load(row + frame * shape.channels + channel)
      (y0, y1, y2, y3) = (y, y, y, y)
      return
    }
    let pixel = row + 2 * frame * shape.channels + channel
    let next = shape.frames * shape.channels
    (y0, y1) = (load(pixel), load(pixel + shape.channels))
    (y2, y3) = (load(pixel + next), load(pixel + next + shape.channels))
  }

  @inline(__always) func maximum(_ scale: Lanes, _ shift: Lanes) -> Lanes {
    let a = larger(multiplyAdd(shift, scale, y0), multiplyAdd(shift, scale, y1))
    let b = larger(multiplyAdd(shift, scale, y2), multiplyAdd(shift, scale, y3))
    return larger(a, b)
  }

  /// Sends a gradient to the window's first maximum, and nowhere if the activation cut it off.
  @inline(__always) func route(
    _ gradient: Lanes, _ scale: Lanes, _ shift: Lanes, _ hasReLU: Bool
  ) -> (Lanes, Lanes, Lanes, Lanes) {
    routeToMaximum(
      gradient, multiplyAdd(shift, scale, y0), multiplyAdd(shift, scale, y1), multiplyAdd(shift, scale, y2),
      multiplyAdd(shift, scale, y3), hasReLU)
  }
}

/// Sends a gradient to the first maximum of four values, and nowhere if the maximum is not positive and ReLU follows.
@inline(__always) func routeToMaximum(
  _ gradient: Lanes, _ v0: Lanes, _ v1: Lanes, _ v2: Lanes, _ v3: Lanes, _ hasReLU: Bool
) -> (Lanes, Lanes, Lanes, Lanes) {
  let top = larger(larger(v0, v1), larger(v2, v3))
  let live = hasReLU ? gradient.replacing(with: 0, where: top .<= 0) : gradient
  let rest0 = live.replacing(with: 0, where: v0 .== top)
  let rest1 = rest0.replacing(with: 0, where: v1 .== top)
  let rest2 = rest1.replacing(with: 0, where: v2 .== top)
  return (live - rest0, rest0 - rest1, rest1 - rest2, rest2)
}
