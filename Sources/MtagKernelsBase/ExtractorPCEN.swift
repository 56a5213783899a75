import MtagKernelTypes

func pcen(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ values: UnsafePointer<Float>, _ bands: Int,
  _ columns: Int, _ state: UnsafeMutablePointer<Float>, _ rule: PCENRule
) {
  let width = FeatureKernels.framesPerGroup
  var band = 0
  while band < bands {
    let row = values + band * width
    let target = out + band * outStride
    let start = Lanes(repeating: state[band])
    var last: Float = 0
    var lane = 0
    while lane < width {
      var smooth = load(rule.decay + lane) * start
      // Frames after the register's last have no weight in it.
      for frame in 0..<(lane + laneCount) {
        let value = min(row[frame] * rule.scale, largestValue)
        smooth = multiplyAdd(smooth, value, load(rule.smoothing + frame * width + lane))
      }
      last = smooth[laneCount - 1]
      var value = load(row + lane) * Lanes(repeating: rule.scale)
      value.replace(with: Lanes(repeating: largestValue), where: value .> Lanes(repeating: largestValue))
      let result = compressed(value, smooth, rule)
      if lane + laneCount <= columns {
        store(target + lane, result)
      } else if lane < columns {
        for i in 0..<(columns - lane) { target[lane + i] = result[i] }
      }
      lane += laneCount
    }
    state[band] = last
    band += 1
  }
}

/// Keeps products within a float's range, whatever a spec and a clip hold.
private var largestValue: Float { 1e30 }

@inline(__always) private func min(_ a: Float, _ b: Float) -> Float { a < b ? a : b }

@inline(__always) private func compressed(_ value: Lanes, _ smooth: Lanes, _ rule: PCENRule) -> Lanes {
  let log = splitLog2(smooth + Lanes(repeating: rule.epsilon))
  // The exponent has two digits before the point, so its whole part is kept apart: a gain of twelve bits times the octaves is
  // exact.
  let gainHigh = Float(bitPattern: rule.gain.bitPattern & 0xffff_f000)
  let fine = multiplyAdd(log.octaves * Lanes(repeating: gainHigh - rule.gain), -rule.gain, log.rest)
  let gain = powerOfTwo(log.octaves * Lanes(repeating: -gainHigh), fine)
  var ratio = value * gain * Lanes(repeating: rule.inverseBias)
  ratio.replace(with: Lanes(repeating: largestValue), where: ratio .> Lanes(repeating: largestValue))
  // (1 + ratio)^power - 1, with all digits for small ratios too.
  return exponentialLessOne(logarithmOfOnePlus(ratio) * Lanes(repeating: rule.power))
    * Lanes(repeating: rule.outputScale)
}

/// ln(1 + x) for x from 0 to 1e30: the logarithm of the rounded sum, and what the rounding took off.
@inline(__always) private func logarithmOfOnePlus(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  let sum = one + x
  let lost = x - (sum - one)
  let log = splitLog2(sum)
  let ln2 = Lanes(repeating: 0.693_147_18)
  return multiplyAdd(multiplyAdd(lost / sum, ln2, log.rest), ln2, log.octaves)
}

/// 2^(coarse + fine) for sums of at most 126, |fine| < 1; at least 2^-126: the series of 2^f, |f| ≤ ½, up to f⁷; the first term
/// left out is below 6e-9.
@inline(__always) private func powerOfTwo(_ coarse: Lanes, _ fine: Lanes) -> Lanes {
  let bound = Lanes(repeating: -125)
  let clamped = coarse.replacing(with: bound, where: coarse .< bound)
  let (whole, scale) = wholePower(clamped + fine)
  let f = ((clamped - whole) + fine) * Lanes(repeating: 0.693_147_18)
  return scale + scale * seriesOfExponentialLessOne(f)
}

/// e^x - 1 for 0 ≤ x ≤ 87, with all digits near 0.
@inline(__always) private func exponentialLessOne(_ x: Lanes) -> Lanes {
  let bound = Lanes(repeating: 87)
  let clamped = x.replacing(with: bound, where: x .> bound)
  let (whole, scale) = wholePower(clamped * Lanes(repeating: 1.442_695))
  // ln 2 in two parts: the first has so few digits that its products with whole numbers are exact.
  let f = clamped - whole * Lanes(repeating: 0.693_359_375) + whole * Lanes(repeating: 2.121_944_4e-4)
  return scale * seriesOfExponentialLessOne(f) + (scale - Lanes(repeating: 1))
}
