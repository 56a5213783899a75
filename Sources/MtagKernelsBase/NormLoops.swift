import MtagKernelTypes

func normForward(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  let channels = shape.channels
  let floor = shape.hasReLU ? Lanes.zero : Lanes(repeating: -.infinity)
  for row in first..<(first + count) {
    let out = run.z + row * shape.outputFrames * channels
    let source = run.y + inputRow(shape, row)
    for frame in 0..<shape.outputFrames {
      var channel = 0
      while channel < channels {
        let window = Window(shape, source, frame, channel)
        let value = window.maximum(load(run.scale + channel), load(run.shift + channel))
        store(out + frame * channels + channel, larger(value, floor), past: run.streams)
        channel += laneCount
      }
    }
  }
  if run.streams { finishStreams() }
}

func normBackwardSums(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  let channels = shape.channels
  for row in first..<(first + count) {
    run.scratch.update(repeating: 0, count: 2 * channels)
    let gradients = UnsafePointer(run.z + row * shape.outputFrames * channels)
    let source = run.y + inputRow(shape, row)
    for frame in 0..<shape.outputFrames {
      var channel = 0
      while channel < channels {
        let window = Window(shape, source, frame, channel)
        let routed = window.route(
          load(gradients + frame * channels + channel), load(run.scale + channel), load(run.shift + channel),
          shape.hasReLU)
        let deviation = load(run.inverseDeviation + channel)
        let mean = load(run.meanOverDeviation + channel)
        var product = routed.0 * multiplyAdd(-mean, window.y0, deviation)
        var sum = routed.0
        if shape.hasPool {
          product = multiplyAdd(product, routed.1, multiplyAdd(-mean, window.y1, deviation))
          product = multiplyAdd(product, routed.2, multiplyAdd(-mean, window.y2, deviation))
          product = multiplyAdd(product, routed.3, multiplyAdd(-mean, window.y3, deviation))
          sum = routed.0 + routed.1 + routed.2 + routed.3
        }
        let total = run.scratch + channel
        store(total, load(total) + sum)
        store(total + channels, load(total + channels) + product)
        channel += laneCount
      }
    }
    for i in 0..<(2 * channels) { run.sums[i] += Double(run.scratch[i]) }
  }
}

func normBackwardApply(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  let channels = shape.channels
  for row in first..<(first + count) {
    let gradients = UnsafePointer(run.z + row * shape.outputFrames * channels)
    let source = run.y + inputRow(shape, row)
    let target = run.yGradient + inputRow(shape, row)
    let next = shape.frames * channels
    for frame in 0..<shape.outputFrames {
      var channel = 0
      while channel < channels {
        let window = Window(shape, source, frame, channel)
        let scale = load(run.scale + channel)
        let routed = window.route(
          load(gradients + frame * channels + channel), scale, load(run.shift + channel), shape.hasReLU)
        let line = GradientLine(run, channel, scale)
        let pixel = target + frame * (shape.hasPool ? 2 : 1) * channels + channel
        store(pixel, line.gradient(routed.0, window.y0))
        if shape.hasPool {
          store(pixel + channels, line.gradient(routed.1, window.y1))
          store(pixel + next, line.gradient(routed.2, window.y2))
          store(pixel + next + channels, line.gradient(routed.3, window.y3))
        }
        channel += laneCount
      }
    }
    if shape.hasPool { applyDropped(run, row, source, target) }
  }
}

/// The last odd column, and after an image's last pooled row its last odd row: no gradient reaches them through the pool, but
/// they took part in the batch statistics.
private func applyDropped(
  _ run: NormRun, _ row: Int, _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  func apply(_ pixel: Int) {
    var channel = 0
    while channel < shape.channels {
      let line = GradientLine(run, channel, load(run.scale + channel))
      let place = pixel * shape.channels + channel
      store(target + place, line.gradient(.zero, load(source + place)))
      channel += laneCount
    }
  }
  if shape.frames % 2 == 1 {
    apply(shape.frames - 1)
    apply(2 * shape.frames - 1)
  }
  if shape.bands % 2 == 1, row % shape.outputBands == shape.outputBands - 1 {
    for frame in 0..<shape.frames { apply(2 * shape.frames + frame) }
  }
}

func channelStatistics(
  _ y: UnsafePointer<Float>, _ channels: Int, _ sums: UnsafeMutablePointer<Double>, _ first: Int, _ count: Int
) {
  var channel = 0
  while channel < channels {
    var start = first
    while start < first + count {
      // Short runs in single precision, added in double.
      let end = min(start + 512, first + count)
      var sum = Lanes.zero
      var squares = Lanes.zero
      for pixel in start..<end {
        let value = load(y + pixel * channels + channel)
        sum += value
        squares = multiplyAdd(squares, value, value)
      }
      for k in 0..<laneCount {
        sums[channel + k] += Double(sum[k])
        sums[channels + channel + k] += Double(squares[k])
      }
      start = end
    }
    channel += laneCount
  }
}

/// Where the first input pixel of an output row of the batch stands.
@inline(__always) private func inputRow(_ shape: NormShape, _ row: Int) -> Int {
  let image = row / shape.outputBands
  let band = row % shape.outputBands * (shape.hasPool ? 2 : 1)
  return (image * shape.bands + band) * shape.frames * shape.channels
}

/// dy = scale * (g − meanGradient − normalised * meanProduct), as one line in y and g.
private struct GradientLine {
  let scale: Lanes
  let slope: Lanes
  let constant: Lanes

  @inline(__always) init(_ run: NormRun, _ channel: Int, _ scale: Lanes) {
    let meanProduct = load(run.meanProduct + channel)
    self.scale = scale
    slope = -meanProduct * load(run.inverseDeviation + channel)
    constant = multiplyAdd(
      -load(run.meanGradient + channel), meanProduct, load(run.meanOverDeviation + channel))
  }

  @inline(__always) func gradient(_ g: Lanes, _ y: Lanes) -> Lanes {
    scale * multiplyAdd(g + constant, slope, y)
  }
}
