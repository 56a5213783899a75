/// The mean of the channels, in the order of additions that NumPy's `mean` uses, so that equal files give equal samples.
///
/// NumPy adds fewer than eight values one after the other; from eight on it keeps eight partial sums and adds those in
/// pairs (Higham 1993, pairwise summation), in halves above 128 values.
/// - Parameters:
///   - interleaved: `[frames, channels]`; it may be longer.
/// - Returns: `frames` samples.
func mixToMono(_ interleaved: UnsafeBufferPointer<Float>, frames: Int, channels: Int) -> [Float] {
  precondition(frames * channels <= interleaved.count, "\(frames) frames × \(channels) do not fit the block")
  return [Float](unsafeUninitializedCapacity: frames) { mono, count in
    let divisor = Float(channels)
    switch channels {
    case 1:
      for frame in 0..<frames { mono.initializeElement(at: frame, to: interleaved[frame]) }
    case 2:
      for frame in 0..<frames {
        mono.initializeElement(at: frame, to: (interleaved[2 * frame] + interleaved[2 * frame + 1]) / 2)
      }
    default:
      for frame in 0..<frames {
        let values = UnsafeBufferPointer(rebasing: interleaved[frame * channels..<(frame + 1) * channels])
        mono.initializeElement(at: frame, to: pairwiseSum(values) / divisor)
      }
    }
    count = frames
  }
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
