/// The mean of the channels, in the order of additions that NumPy's `mean` uses, so that equal files give equal samples.
///
/// NumPy adds fewer than eight values one after the other; from eight on it keeps eight partial sums and adds those in
/// pairs (Higham 1993, pairwise summation), in halves above 128 values.
/// - Parameters:
///   - interleaved: `[frames, channels]`; it may be longer.
///   - mono: room for `frames` samples.
/// - Returns: the bit pattern of the largest magnitude among the means: as patterns, infinity is above all numbers and NaN
///   above infinity.
func mixToMono(
  _ interleaved: UnsafePointer<Float>, frames: Int, channels: Int, into mono: UnsafeMutablePointer<Float>
) -> UInt32 {
  // Without their signs, patterns of floats are ordered as signed integers too, which every processor compares fast.
  var largest: Int32 = 0
  func put(_ value: Float, at frame: Int) {
    mono[frame] = value
    largest = max(largest, Int32(bitPattern: value.bitPattern & 0x7fff_ffff))
  }
  switch channels {
  case 1: for frame in 0..<frames { put(interleaved[frame], at: frame) }
  case 2:
    for frame in 0..<frames { put((interleaved[2 * frame] + interleaved[2 * frame + 1]) / 2, at: frame) }
  default:
    let divisor = Float(channels)
    for frame in 0..<frames {
      let values = UnsafeBufferPointer(start: interleaved + frame * channels, count: channels)
      put(pairwiseSum(values) / divisor, at: frame)
    }
  }
  return UInt32(largest)
}

/// The sum of the values in NumPy's order of additions.
func pairwiseSum(_ values: UnsafeBufferPointer<Float>) -> Float {
  let count = values.count
  guard count >= 8 else { return values.reduce(0, +) }
  guard count <= 128 else {
    let half = count / 2 - (count / 2) % 8
    return pairwiseSum(UnsafeBufferPointer(rebasing: values[..<half]))
      + pairwiseSum(UnsafeBufferPointer(rebasing: values[half...]))
  }
  var partial = SIMD8<Float>(repeating: 0)
  let whole = count - count % 8
  for start in stride(from: 0, to: whole, by: 8) {
    for lane in 0..<8 { partial[lane] += values[start + lane] }
  }
  let quads = partial.evenHalf + partial.oddHalf
  let pairs = quads.evenHalf + quads.oddHalf
  return values[whole...].reduce(pairs[0] + pairs[1], +)
}
