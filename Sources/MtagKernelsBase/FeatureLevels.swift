import MtagKernelTypes

func levels(
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int, _ values: UnsafePointer<Float>, _ bands: Int,
  _ columns: Int,
  _ rule: LevelRule
) {
  let width = FeatureKernels.framesPerGroup
  let reference = splitLog2(Lanes(repeating: rule.reference))
  let scale = Lanes(repeating: rule.valueScale)
  let minimum = Lanes(repeating: rule.minimum)
  let offset = Lanes(repeating: rule.offset)
  let floor = Lanes(repeating: rule.floor)
  let perOctave = Lanes(repeating: rule.perOctave)
  let mean = Lanes(repeating: rule.mean)
  let inverseDeviation = Lanes(repeating: rule.inverseDeviation)
  var band = 0
  while band < bands {
    let target = out + band * outStride
    var lane = 0
    while lane < columns {
      var value = load(values + band * width + lane) * scale
      value.replace(with: minimum, where: value .< minimum)
      var level = multiplyAdd(offset, rule.gain, value)
      if rule.takesLogarithm {
        let log = splitLog2(level)
        // The whole octaves cancel exactly, so the maximum is 0 dB to the bit and small differences keep their digits.
        level = ((log.octaves - reference.octaves) + (log.rest - reference.rest)) * perOctave
        level.replace(with: floor, where: level .< floor)
      }
      level = (level - mean) * inverseDeviation
      if lane + laneCount <= columns {
        store(target + lane, level)
      } else {
        for i in 0..<(columns - lane) { target[lane + i] = level[i] }
      }
      lane += laneCount
    }
    band += 1
  }
}

/// log2 of normal positive numbers as whole octaves and a rest in -0.5 ... 0.5.
///
/// The rest is log2(m) = 2 / ln 2 · artanh(s), s = (m - 1) / (m + 1), |s| ≤ 0.172, by the series of artanh up to s⁹; the
/// first term left out is below 1.1e-9.
@inline(__always) func splitLog2(_ value: Lanes) -> (octaves: Lanes, rest: Lanes) {
  let bits = unsafeBitCast(value, to: IntegerLanes.self)
  // 0x3f3504f3 is √½: the mantissa is taken from √½ to √2.
  let octaves = (bits &- IntegerLanes(repeating: 0x3f35_04f3)) &>> IntegerLanes(repeating: 23)
  let mantissa = unsafeBitCast(bits &- (octaves &<< IntegerLanes(repeating: 23)), to: Lanes.self)
  // Added to the pattern of 1.5 · 2²³, an integer becomes that number plus itself: a conversion without a library call.
  let shifted = unsafeBitCast(octaves &+ IntegerLanes(repeating: 0x4b40_0000), to: Lanes.self)
  let one = Lanes(repeating: 1)
  let s = (mantissa - one) / (mantissa + one)
  let square = s * s
  var series = Lanes(repeating: 2.885_390_1 / 9)
  series = multiplyAdd(Lanes(repeating: 2.885_390_1 / 7), series, square)
  series = multiplyAdd(Lanes(repeating: 2.885_390_1 / 5), series, square)
  series = multiplyAdd(Lanes(repeating: 2.885_390_1 / 3), series, square)
  series = multiplyAdd(Lanes(repeating: 2.885_390_1), series, square)
  return (shifted - Lanes(repeating: 12_582_912), series * s)
}
