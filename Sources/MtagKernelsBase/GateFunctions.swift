// exp over its whole range, sigmoid and tanh on registers, for softmax and gates. Relative error below 2e-7 where the result is a normal number; NaN stays NaN.
// The polynomials are minimax fits of our own (Chebyshev points, weights iterated until the errors are even).

/// eˣ: 0 below −87.33, where single precision has no normal numbers left, and infinity above 88.72.
///
/// x = n ln 2 + r, |r| ≤ ln 2 / 2; eʳ = 1 + r + r² p(r), p of degree 4 with an error below 3.4e-9; 2ⁿ is added to the exponent.
@inline(__always) func fullRangeExponential(_ x: Lanes) -> Lanes {
  let highest = Lanes(repeating: 88.722_83)
  let lowest = Lanes(repeating: -87.336_54)
  var bounded = x
  bounded.replace(with: highest, where: x .> highest)
  bounded.replace(with: lowest, where: x .< lowest)
  // Added to 1.5 · 2²³, a number is rounded to a whole one, which then stands in the low bits of the pattern.
  let magic = Lanes(repeating: 12_582_912)
  let shifted = multiplyAdd(magic, Lanes(repeating: 1.442_695_04), bounded)
  let octaves = shifted - magic
  // ln 2 in two parts, the first with so few digits that its product with n is exact.
  var r = multiplyAdd(bounded, Lanes(repeating: -0.693_359_375), octaves)
  r = multiplyAdd(r, Lanes(repeating: 2.121_944_4e-4), octaves)
  var p = Lanes(repeating: 0.001_395_172)
  p = multiplyAdd(Lanes(repeating: 0.008_369_598_5), p, r)
  p = multiplyAdd(Lanes(repeating: 0.041_666_187), p, r)
  p = multiplyAdd(Lanes(repeating: 0.166_665_12), p, r)
  p = multiplyAdd(Lanes(repeating: 0.5), p, r)
  let mantissa = multiplyAdd(r, r * r, p) + Lanes(repeating: 1)
  let power = unsafeBitCast(shifted, to: IntegerLanes.self) &<< IntegerLanes(repeating: 23)
  var result = unsafeBitCast(unsafeBitCast(mantissa, to: IntegerLanes.self) &+ power, to: Lanes.self)
  result.replace(with: Lanes(repeating: .infinity), where: x .> highest)
  result.replace(with: Lanes.zero, where: x .< lowest)
  result.replace(with: x, where: x .!= x)
  return result
}

/// 1 / (1 + e⁻ˣ)
@inline(__always) func gateSigmoid(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  return one / (one + fullRangeExponential(-x))
}

/// tanh x: below 0.75 x + x³ p(x²), p of degree 5 with an error below 1.6e-9; else 1 − 2 / (e²ˣ + 1), with the sign of x.
@inline(__always) func gateTangent(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  let square = x * x
  var p = Lanes(repeating: 0.001_744_147_5)
  p = multiplyAdd(Lanes(repeating: -0.007_669_236), p, square)
  p = multiplyAdd(Lanes(repeating: 0.021_459_442), p, square)
  p = multiplyAdd(Lanes(repeating: -0.053_894_803), p, square)
  p = multiplyAdd(Lanes(repeating: 0.133_327_2), p, square)
  p = multiplyAdd(Lanes(repeating: -0.333_333_16), p, square)
  let near = multiplyAdd(x, x * square, p)
  var size = x
  size.replace(with: -x, where: x .< Lanes.zero)
  var result = one - Lanes(repeating: 2) / (fullRangeExponential(size + size) + one)
  result.replace(with: -result, where: x .< Lanes.zero)
  result.replace(with: near, where: size .< Lanes(repeating: 0.75))
  return result
}
