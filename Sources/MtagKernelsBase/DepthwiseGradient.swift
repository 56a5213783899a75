import MtagKernelTypes

// The gradient of the filters of a depthwise convolution: for each tap, the sum over pixels of source times gradient.

/// Frames whose products are summed in registers before they are added to the sum; few, so that all channels of what they read
/// stay in the first-level cache.
@inline(__always) private var blockFrames: Int { 16 }

func depthwiseFilterGradient(
  _ run: DepthwiseRun, _ sum: UnsafeMutablePointer<Float>, _ first: Int, _ count: Int
) {
  let (bands, frames, channels) = (run.bands, run.frames, run.channels)
  clear(sum, bands.taps * frames.taps * channels)
  for row in first..<(first + count) {
    let rows = DepthwiseRow(run, row)
    var start = 0
    while start < frames.targetCount {
      let end = min(start + blockFrames, frames.targetCount)
      for i in rows.taps {
        let x = rows.source + i * bands.tapStep * frames.sourceSize * channels
        let taps = sum + i * frames.taps * channels
        var j = 0
        while j < frames.taps {
          let inside = frames.insideTargets(j).clamped(to: start..<end)
          if j + 3 <= frames.taps {
            // The first tap enters the picture last and the third leaves it first.
            let low = inside.lowerBound
            let high = max(low, min(end, frames.insideTargets(j + 2).upperBound))
            threeTaps(run, rows, x, j, low, high, taps)
            for k in j..<(j + 3) {
              let own = frames.insideTargets(k).clamped(to: start..<end)
              oneTap(run, rows, x, k, own.lowerBound, min(low, own.upperBound), taps)
              oneTap(run, rows, x, k, max(high, own.lowerBound), own.upperBound, taps)
            }
            j += 3
          } else {
            oneTap(run, rows, x, j, inside.lowerBound, inside.upperBound, taps)
            j += 1
          }
        }
      }
      start = end
    }
  }
}

/// Adds frames `low ..< high` to three neighbouring taps.
@inline(__always) private func threeTaps(
  _ run: DepthwiseRun, _ row: DepthwiseRow, _ source: UnsafePointer<Float>, _ tap: Int, _ low: Int,
  _ high: Int, _ taps: UnsafeMutablePointer<Float>
) {
  guard low < high else { return }
  let (frames, channels) = (run.frames, run.channels)
  let tapStep = frames.tapStep * channels
  let step = frames.sourceStep * channels
  let outStep = frames.targetStep * channels
  var channel = 0
  while channel < channels {
    var x =
      source + (frames.sourceStart + low * frames.sourceStep + tap * frames.tapStep) * channels + channel
    var g = UnsafePointer(row.target + (frames.targetStart + low * frames.targetStep) * channels + channel)
    let sum = taps + tap * channels + channel
    var (s0, s1, s2) = (load(sum), load(sum + channels), load(sum + 2 * channels))
    for _ in low..<high {
      let gradient = load(g)
      s0 = multiplyAdd(s0, load(x), gradient)
      s1 = multiplyAdd(s1, load(x + tapStep), gradient)
      s2 = multiplyAdd(s2, load(x + 2 * tapStep), gradient)
      x += step
      g += outStep
    }
    store(sum, s0)
    store(sum + channels, s1)
    store(sum + 2 * channels, s2)
    channel += laneCount
  }
}

/// Adds frames `low ..< high` to one tap.
@inline(__always) private func oneTap(
  _ run: DepthwiseRun, _ row: DepthwiseRow, _ source: UnsafePointer<Float>, _ tap: Int, _ low: Int,
  _ high: Int, _ taps: UnsafeMutablePointer<Float>
) {
  guard low < high else { return }
  let (frames, channels) = (run.frames, run.channels)
  let step = frames.sourceStep * channels
  let outStep = frames.targetStep * channels
  var channel = 0
  while channel < channels {
    var x =
      source + (frames.sourceStart + low * frames.sourceStep + tap * frames.tapStep) * channels + channel
    var g = UnsafePointer(row.target + (frames.targetStart + low * frames.targetStep) * channels + channel)
    let sum = taps + tap * channels + channel
    var s = load(sum)
    for _ in low..<high {
      s = multiplyAdd(s, load(x), load(g))
      x += step
      g += outStep
    }
    store(sum, s)
    channel += laneCount
  }
}
