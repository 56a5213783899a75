// Exponentials by a power of two and a short series.

/// The smaller of two values in each lane; the first where one is not a number.
@inline(__always) func smaller(_ a: Lanes, _ b: Lanes) -> Lanes { a.replacing(with: b, where: b .< a) }

/// The magnitude.
@inline(__always) func magnitude(_ x: Lanes) -> Lanes {
  unsafeBitCast(
    unsafeBitCast(x, to: IntegerLanes.self) & IntegerLanes(repeating: 0x7fff_ffff), to: Lanes.self)
}

/// The nearest whole number, and two to its power, for −126 ≤ x ≤ 127.
@inline(__always) func wholePower(_ x: Lanes) -> (whole: Lanes, power: Lanes) {
  // Added to 1.5 · 2²³, a number is rounded to a whole one that stands in the low bits.
  let anchor = Lanes(repeating: 12_582_912)
  let shifted = x + anchor
  let exponent = unsafeBitCast(shifted, to: IntegerLanes.self) &- IntegerLanes(repeating: 0x4b40_0000 - 127)
  return (shifted - anchor, unsafeBitCast(exponent &<< IntegerLanes(repeating: 23), to: Lanes.self))
}

/// e^f - 1 for |f| ≤ 0.35, by its series up to f⁷; the first term left out is below 6e-9.
@inline(__always) func seriesOfExponentialLessOne(_ f: Lanes) -> Lanes {
  var series = Lanes(repeating: 1 / 5040)
  series = multiplyAdd(Lanes(repeating: 1 / 720), series, f)
  series = multiplyAdd(Lanes(repeating: 1 / 120), series, f)
  series = multiplyAdd(Lanes(repeating: 1 / 24), series, f)
  series = multiplyAdd(Lanes(repeating: 1 / 6), series, f)
  series = multiplyAdd(Lanes(repeating: 0.5), series, f)
  series = multiplyAdd(Lanes(repeating: 1), series, f)
  return series * f
}

/// A power of two and e^x / power - 1, for −87 ≤ x ≤ 88.
@inline(__always) private func splitExponential(_ x: Lanes) -> (power: Lanes, rest: Lanes) {
  let (whole, power) = wholePower(x * Lanes(repeating: 1.442_695))
  // ln 2 in two parts: the first has so few digits that its products with whole numbers are exact.
  let high = multiplyAdd(x, -0.693_359_375, whole)
  return (power, seriesOfExponentialLessOne(multiplyAdd(high, 2.121_944_4e-4, whole)))
}

/// e^x; below −87 it is that of −87, above 88 that of 88. Off by less than 3e-7 of itself.
@inline(__always) func exponential(_ x: Lanes) -> Lanes {
  let (power, rest) = splitExponential(
    smaller(larger(x, Lanes(repeating: -87)), Lanes(repeating: 88)))
  return multiplyAdd(power, power, rest)
}

/// e^x - 1 for x ≤ 0, with all digits near 0.
@inline(__always) func exponentialLessOneBelowZero(_ x: Lanes) -> Lanes {
  let (power, rest) = splitExponential(larger(x, Lanes(repeating: -87)))
  return multiplyAdd(power - Lanes(repeating: 1), power, rest)
}
