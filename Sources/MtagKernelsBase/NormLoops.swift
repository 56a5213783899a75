import MtagKernelTypes

func normForward(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  for row in first..<(first + count) {
    let out = run.z + row * shape.outputFrames * shape.channels
    let source = run.y + inputRow(shape, row)
    if shape.hasPool { poolRow(run, source, out) } else { plainRow(run, source, out) }
  }
  if run.streams { finishStreams() }
}

private func plainRow(_ run: NormRun, _ source: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) {
  let channels = run.shape.channels
  let floor = run.shape.hasReLU ? Lanes.zero : Lanes(repeating: -.infinity)
  for frame in 0..<run.shape.frames {
    var channel = 0
    while channel < channels {
      let value = multiplyAdd(
        load(run.shift + channel), load(run.scale + channel), load(source + frame * channels + channel))
      store(out + frame * channels + channel, larger(value, floor), past: run.streams)
      channel += laneCount
    }
  }
}

func normBackwardSums(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  for row in first..<(first + count) {
    run.scratch.update(repeating: 0, count: 2 * shape.channels)
    let gradients = UnsafePointer(run.z + row * shape.outputFrames * shape.channels)
    let source = run.y + inputRow(shape, row)
    if shape.hasPool { addPooledRow(run, source, gradients) } else { addPlainRow(run, source, gradients) }
    for i in 0..<(2 * shape.channels) { run.sums[i] += Double(run.scratch[i]) }
  }
}

private func addPlainRow(_ run: NormRun, _ source: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>) {
  let channels = run.shape.channels
  for frame in 0..<run.shape.frames {
    var channel = 0
    while channel < channels {
      let y = load(source + frame * channels + channel)
      let value = multiplyAdd(load(run.shift + channel), load(run.scale + channel), y)
      addNormalised(
        run, channel, live(load(gradients + frame * channels + channel), value, run.shape.hasReLU), y)
      channel += laneCount
    }
  }
}

/// Adds g, and g times the normalised value of y.
@inline(__always) func addNormalised(_ run: NormRun, _ channel: Int, _ gradient: Lanes, _ y: Lanes) {
  let normalised = multiplyAdd(
    -load(run.meanOverDeviation + channel), y, load(run.inverseDeviation + channel))
  let sum = run.scratch + channel
  let product = sum + run.shape.channels
  store(sum, load(sum) + gradient)
  store(product, multiplyAdd(load(product), gradient, normalised))
}

func normBackwardApply(_ run: NormRun, _ first: Int, _ count: Int) {
  let shape = run.shape
  for row in first..<(first + count) {
    let gradients = UnsafePointer(run.z + row * shape.outputFrames * shape.channels)
    let source = run.y + inputRow(shape, row)
    let target = run.yGradient + inputRow(shape, row)
    if shape.hasPool {
      applyPooledRow(run, source, gradients, target)
      applyDropped(run, row, source, target)
    } else {
      applyPlainRow(run, source, gradients, target)
    }
  }
}

private func applyPlainRow(
  _ run: NormRun, _ source: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
  _ target: UnsafeMutablePointer<Float>
) {
  let channels = run.shape.channels
  for frame in 0..<run.shape.frames {
    var channel = 0
    while channel < channels {
      let place = frame * channels + channel
      let y = load(source + place)
      let scale = load(run.scale + channel)
      let value = multiplyAdd(load(run.shift + channel), scale, y)
      let gradient = live(load(gradients + place), value, run.shape.hasReLU)
      store(target + place, GradientLine(run, channel, scale).gradient(gradient, y))
      channel += laneCount
    }
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
struct GradientLine {
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
