import MtagKernelTypes

func applyWindow(
  _ out: UnsafeMutablePointer<Float>, _ samples: UnsafePointer<Float>, _ window: UnsafePointer<Float>,
  _ count: Int
) {
  var i = 0
  while i + laneCount <= count {
    store(out + i, load(samples + i) * load(window + i))
    i += laneCount
  }
  while i < count {
    out[i] = samples[i] * window[i]
    i += 1
  }
}

func centerFrame(
  _ out: UnsafeMutablePointer<Float>, _ samples: UnsafePointer<Float>, _ window: UnsafePointer<Float>,
  _ count: Int, _ removesMean: Bool, _ preEmphasis: Float
) {
  let mean = removesMean ? columnSum(samples, count) / Float(count) : 0
  // The first sample stands in for the one before it.
  let first = samples[0] - mean
  out[0] = (first - preEmphasis * first) * window[0]
  let (means, factors) = (Lanes(repeating: mean), Lanes(repeating: preEmphasis))
  var i = 1
  while i + laneCount <= count {
    let before = factors * (load(samples + i - 1) - means)
    store(out + i, ((load(samples + i) - means) - before) * load(window + i))
    i += laneCount
  }
  while i < count {
    out[i] = ((samples[i] - mean) - preEmphasis * (samples[i - 1] - mean)) * window[i]
    i += 1
  }
}

/// The sum in 16 columns, whatever the level's width, so that all levels have the same bits.
@inline(__always) private func columnSum(_ samples: UnsafePointer<Float>, _ count: Int) -> Float {
  let width = FeatureKernels.framesPerGroup
  var total: Float = 0
  var lane = 0
  while lane < width {
    var sums = Lanes(repeating: 0)
    var i = lane
    while i + laneCount <= count - count % width {
      sums += load(samples + i)
      i += width
    }
    for column in 0..<laneCount { total += sums[column] }
    lane += laneCount
  }
  for i in (count - count % width)..<count { total += samples[i] }
  return total
}

func emphasize(
  _ out: UnsafeMutablePointer<Float>, _ samples: UnsafePointer<Float>, _ count: Int, _ coefficient: Float
) {
  let factors = Lanes(repeating: coefficient)
  var i = 0
  while i + laneCount <= count {
    store(out + i, load(samples + i + 1) - factors * load(samples + i))
    i += laneCount
  }
  while i < count {
    out[i] = samples[i + 1] - coefficient * samples[i]
    i += 1
  }
}

func largestMagnitudeBits(_ samples: UnsafePointer<Float>, _ count: Int) -> UInt32 {
  // Without their signs, the patterns of floats are ordered as signed integers too.
  let raw = UnsafeRawPointer(samples)
  var largest = IntegerLanes(repeating: 0)
  var i = 0
  while i + laneCount <= count {
    let bits = raw.loadUnaligned(fromByteOffset: i * 4, as: IntegerLanes.self) & 0x7fff_ffff
    largest.replace(with: bits, where: bits .> largest)
    i += laneCount
  }
  var result: Int32 = 0
  for lane in 0..<laneCount where largest[lane] > result { result = largest[lane] }
  while i < count {
    let bits = raw.loadUnaligned(fromByteOffset: i * 4, as: Int32.self) & 0x7fff_ffff
    if bits > result { result = bits }
    i += 1
  }
  return UInt32(result)
}

func addSquares(_ sums: UnsafeMutablePointer<Float>, _ samples: UnsafePointer<Float>, _ count: Int) {
  var lane = 0
  while lane < FeatureKernels.framesPerGroup {
    var sum = load(sums + lane)
    var i = lane
    while i < count {
      let value = load(samples + i)
      // Not fused, so that a caller's scalar loop over the ends of a block gives the same bits.
      sum += value * value
      i += FeatureKernels.framesPerGroup
    }
    store(sums + lane, sum)
    lane += laneCount
  }
}
