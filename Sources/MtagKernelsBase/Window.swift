/// The larger of two values in each lane; the first where one is not a number.
@inline(__always) func larger(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .> a) }

/// The four values under one 2×2 pooling window, in scan order, and their largest.
struct Window {
  let v0: Lanes
  let v1: Lanes
  let v2: Lanes
  let v3: Lanes
  let top: Lanes

  @inline(__always) init(_ v0: Lanes, _ v1: Lanes, _ v2: Lanes, _ v3: Lanes) {
    self.v0 = v0
    self.v1 = v1
    self.v2 = v2
    self.v3 = v3
    top = larger(larger(v0, v1), larger(v2, v3))
  }
}

/// A gradient that has passed back through ReLU, if there is one: nothing where the value was not positive.
@inline(__always) func live(_ gradient: Lanes, _ value: Lanes, _ hasReLU: Bool) -> Lanes {
  hasReLU ? gradient.replacing(with: 0, where: value .<= 0) : gradient
}

/// Sends a gradient to the first maximum of a window, and nothing to the other three.
@inline(__always) func routeToMaximum(_ window: Window, _ gradient: Lanes) -> (Lanes, Lanes, Lanes, Lanes) {
  let rest0 = gradient.replacing(with: 0, where: window.v0 .== window.top)
  let rest1 = rest0.replacing(with: 0, where: window.v1 .== window.top)
  let rest2 = rest1.replacing(with: 0, where: window.v2 .== window.top)
  return (gradient - rest0, rest0 - rest1, rest1 - rest2, rest2)
}
