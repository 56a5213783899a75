import MtagKernelTypes

// Sums and products of two operands, either of which may be repeated along any axis.

/// Floats that are finished before the next ones are begun, so that an activation finds them in the first-level cache.
@inline(__always) private var segmentFloats: Int { 4096 }

func combine(_ run: CombineRun, _ first: Int, _ count: Int) {
  let end = first + count
  let segment = max(1, segmentFloats / run.stride)
  var pixel = first
  while pixel < end {
    let (row, frame) = (pixel / run.frames, pixel % run.frames)
    let (image, band) = (row / run.bands, row % run.bands)
    let pixels = min(min(run.frames - frame, end - pixel), segment)
    let a = run.a.at(image, band, frame)
    let b = run.b.at(image, band, frame)
    let out = run.target + pixel * run.stride
    if run.multiplies {
      combineSegment(run, a, b, out, pixels) { $0 * $1 }
    } else {
      combineSegment(run, a, b, out, pixels) { $0 + $1 }
    }
    var needsCare = run.a.isScalar || run.b.isScalar
    if let function = run.activation {
      activate(function, out, out, pixels * run.stride)
      needsCare = needsCare || !function.keepsZero
    }
    if needsCare, run.channels < run.stride {
      for i in 0..<pixels { clear(out + i * run.stride + run.channels, run.stride - run.channels) }
    }
    pixel += pixels
  }
}

extension BroadcastOperand {
  @inline(__always) func at(_ image: Int, _ band: Int, _ frame: Int) -> UnsafePointer<Float> {
    values + image * imageStep + band * bandStep + frame * frameStep
  }

  /// Lanes of a pixel.
  @inline(__always) func lanes(_ pixel: UnsafePointer<Float>, _ channel: Int) -> Lanes {
    isScalar ? Lanes(repeating: pixel[0]) : load(pixel + channel)
  }
}

@inline(__always) private func combineSegment(
  _ run: CombineRun, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>,
  _ pixels: Int, _ operation: (Lanes, Lanes) -> Lanes
) {
  let stride = run.stride
  if !run.a.isScalar, !run.b.isScalar, run.a.frameStep == stride, run.b.frameStep == stride {
    var i = 0
    while i < pixels * stride {
      store(out + i, operation(load(a + i), load(b + i)))
      i += laneCount
    }
    return
  }
  for pixel in 0..<pixels {
    let x = a + pixel * run.a.frameStep
    let y = b + pixel * run.b.frameStep
    var channel = 0
    while channel < stride {
      store(
        out + pixel * stride + channel, operation(run.a.lanes(x, channel), run.b.lanes(y, channel)))
      channel += laneCount
    }
  }
}

func addProducts(_ row: ProductRow) {
  if row.sumsChannels {
    addChannelSums(row)
  } else if row.sumsFrames {
    var channel = 0
    while channel < row.stride {
      addFrameSums(row, channel)
      channel += laneCount
    }
  } else {
    for frame in 0..<row.frames {
      let out = row.target + frame * row.targetStride
      var channel = 0
      while channel < row.stride {
        let product = row.product(frame, channel)
        store(out + channel, row.accumulates ? load(out + channel) + product : product)
        channel += laneCount
      }
    }
  }
}

extension ProductRow {
  @inline(__always) fileprivate func product(_ frame: Int, _ channel: Int) -> Lanes {
    let value = load(gradient + frame * stride + channel)
    guard let factor else { return value }
    return value * factor.lanes(factor.values + frame * factor.frameStep, channel)
  }
}

@inline(__always) private func addFrameSums(_ row: ProductRow, _ channel: Int) {
  // Four sums side by side: one alone would wait for each addition.
  var (s0, s1, s2, s3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
  var frame = 0
  while frame + 4 <= row.frames {
    s0 += row.product(frame, channel)
    s1 += row.product(frame + 1, channel)
    s2 += row.product(frame + 2, channel)
    s3 += row.product(frame + 3, channel)
    frame += 4
  }
  while frame < row.frames {
    s0 += row.product(frame, channel)
    frame += 1
  }
  let sum = (s0 + s1) + (s2 + s3)
  let out = row.target + channel
  store(out, row.accumulates ? load(out) + sum : sum)
}

@inline(__always) private func addChannelSums(_ row: ProductRow) {
  var total: Float = 0
  for frame in 0..<row.frames {
    var sum = Lanes.zero
    var channel = 0
    while channel < row.stride {
      sum += row.product(frame, channel)
      channel += laneCount
    }
    let value = sumOfLanes(sum)
    total += value
    if !row.sumsFrames { put(row, row.target + frame * row.targetStride, value) }
  }
  if row.sumsFrames { put(row, row.target, total) }
}

/// Writes the first value of a pixel, and zeros into its padding.
@inline(__always) private func put(_ row: ProductRow, _ out: UnsafeMutablePointer<Float>, _ value: Float) {
  out[0] = row.accumulates ? out[0] + value : value
  clear(out + 1, row.targetStride - 1)
}

@inline(__always) func sumOfLanes(_ lanes: Lanes) -> Float {
  var sum: Float = 0
  for i in 0..<laneCount { sum += lanes[i] }
  return sum
}
