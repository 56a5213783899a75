import MtagKernelTypes

// Convolutions of each channel with a filter of its own. They read and write far more than they compute, so pixels are taken in
// the order of memory, four at a time, all channels of them.

func depthwiseForward(_ run: DepthwiseRun, _ first: Int, _ count: Int) {
  let frames = run.frames
  let whole = frames.wholePatches
  let limits = ActivationLimits(run.activation)
  for row in first..<(first + count) {
    let rows = DepthwiseRow(run, row)
    var q = 0
    var finished = 0
    while q < frames.targetCount {
      if whole.contains(q), q + 4 <= whole.upperBound {
        fourPixels(run, limits, rows, q)
        q += 4
      } else {
        onePixel(run, limits, rows, q)
        q += 1
      }
      if let function = limits.rest, q == frames.targetCount || (q - finished) * run.channels >= 2048 {
        let out = rows.target + (frames.targetStart + finished) * run.channels
        activate(function, out, out, (q - finished) * run.channels)
        finished = q
      }
    }
  }
}

/// Kernels that nearly all networks have are unrolled: neighbouring pixels then share what they read.
@inline(__always) private func fourPixels(
  _ run: DepthwiseRun, _ limits: ActivationLimits, _ row: DepthwiseRow, _ q: Int
) {
  let frames = run.frames
  switch (frames.tapStep, frames.taps, frames.sourceStep) {
  case (1, 3, 1): fourPixels(run, limits, row, q, taps: 3, step: 1, tapStep: 1)
  case (1, 3, 2): fourPixels(run, limits, row, q, taps: 3, step: 2, tapStep: 1)
  case (1, 5, 1): fourPixels(run, limits, row, q, taps: 5, step: 1, tapStep: 1)
  case (1, 5, 2): fourPixels(run, limits, row, q, taps: 5, step: 2, tapStep: 1)
  default:
    fourPixels(run, limits, row, q, taps: frames.taps, step: frames.sourceStep, tapStep: frames.tapStep)
  }
}

/// What a row of the target reads.
struct DepthwiseRow {
  /// Rows of taps that lie inside the picture.
  let taps: Range<Int>
  /// The source row of tap row 0; in the padding it is outside.
  let source: UnsafePointer<Float>
  /// The target row.
  let target: UnsafeMutablePointer<Float>

  @inline(__always) init(_ run: DepthwiseRun, _ row: Int) {
    let bands = run.bands
    let (image, q) = (row / bands.targetCount, row % bands.targetCount)
    taps = bands.insideTaps(q)
    let top = bands.sourceStart + q * bands.sourceStep
    source = run.source + (image * bands.sourceSize + top) * run.frames.sourceSize * run.channels
    let out = image * bands.targetSize + bands.targetStart + q * bands.targetStep
    target = run.target + out * run.frames.targetSize * run.channels
  }
}

@inline(__always) private func fourPixels(
  _ run: DepthwiseRun, _ limits: ActivationLimits, _ row: DepthwiseRow, _ q: Int, taps: Int,
  step sourceStep: Int,
  tapStep framesTapStep: Int
) {
  let (bands, frames, channels) = (run.bands, run.frames, run.channels)
  let rowStep = bands.tapStep * frames.sourceSize * channels
  let tapStep = framesTapStep * channels
  let step = sourceStep * channels
  let corner = row.source + (frames.sourceStart + q * frames.sourceStep) * channels
  let out = row.target + (frames.targetStart + q * frames.targetStep) * channels
  let outStep = frames.targetStep * channels
  var channel = 0
  while channel < channels {
    let bias = run.bias.map { load($0 + channel) } ?? .zero
    var (y0, y1, y2, y3) = (bias, bias, bias, bias)
    for i in row.taps {
      let corner = corner + i * rowStep + channel
      let filter = run.filters + i * taps * channels + channel
      for tap in 0..<taps {
        let x = corner + tap * tapStep
        let weight = load(filter + tap * channels)
        y0 = multiplyAdd(y0, load(x), weight)
        y1 = multiplyAdd(y1, load(x + step), weight)
        y2 = multiplyAdd(y2, load(x + 2 * step), weight)
        y3 = multiplyAdd(y3, load(x + 3 * step), weight)
      }
    }
    store(out + channel, limits.apply(y0))
    store(out + outStep + channel, limits.apply(y1))
    store(out + 2 * outStep + channel, limits.apply(y2))
    store(out + 3 * outStep + channel, limits.apply(y3))
    channel += laneCount
  }
}

@inline(__always) private func onePixel(
  _ run: DepthwiseRun, _ limits: ActivationLimits, _ row: DepthwiseRow, _ q: Int
) {
  let (bands, frames, channels) = (run.bands, run.frames, run.channels)
  let rowStep = bands.tapStep * frames.sourceSize * channels
  let columns = frames.insideTaps(q)
  let corner = row.source + (frames.sourceStart + q * frames.sourceStep) * channels
  let out = row.target + (frames.targetStart + q * frames.targetStep) * channels
  var channel = 0
  while channel < channels {
    var y = run.bias.map { load($0 + channel) } ?? .zero
    for i in row.taps {
      for j in columns {
        y = multiplyAdd(
          y, load(corner + i * rowStep + j * frames.tapStep * channels + channel),
          load(run.filters + (i * frames.taps + j) * channels + channel))
      }
    }
    store(out + channel, limits.apply(y))
    channel += laneCount
  }
}
