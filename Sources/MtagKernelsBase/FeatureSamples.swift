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
