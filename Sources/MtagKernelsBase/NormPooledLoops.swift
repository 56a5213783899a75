import MtagKernelTypes

// Rows of batch norm with ReLU where a 2×2 max pool follows.

func poolRow(_ run: NormRun, _ source: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>) {
  let shape = run.shape
  let channels = shape.channels
  let floor = shape.hasReLU ? Lanes.zero : Lanes(repeating: -.infinity)
  for frame in 0..<shape.outputFrames {
    var channel = 0
    while channel < channels {
      let pixels = Pixels(shape, source + 2 * frame * channels + channel)
      let window = pixels.window(load(run.scale + channel), load(run.shift + channel))
      store(out + frame * channels + channel, larger(window.top, floor), past: run.streams)
      channel += laneCount
    }
  }
}

func addPooledRow(_ run: NormRun, _ source: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>) {
  let shape = run.shape
  let channels = shape.channels
  for frame in 0..<shape.outputFrames {
    var channel = 0
    while channel < channels {
      let pixels = Pixels(shape, source + 2 * frame * channels + channel)
      let window = pixels.window(load(run.scale + channel), load(run.shift + channel))
      let gradient = load(gradients + frame * channels + channel)
      addNormalised(run, channel, live(gradient, window.top, shape.hasReLU), pixels.first(window))
      channel += laneCount
    }
  }
}

func applyPooledRow(
  _ run: NormRun, _ source: UnsafePointer<Float>, _ gradients: UnsafePointer<Float>,
  _ target: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  let channels = shape.channels
  let next = shape.frames * channels
  for frame in 0..<shape.outputFrames {
    var channel = 0
    while channel < channels {
      let place = 2 * frame * channels + channel
      let pixels = Pixels(shape, source + place)
      let scale = load(run.scale + channel)
      let window = pixels.window(scale, load(run.shift + channel))
      let gradient = load(gradients + frame * channels + channel)
      let routed = routeToMaximum(window, live(gradient, window.top, shape.hasReLU))
      let line = GradientLine(run, channel, scale)
      let pixel = target + place
      store(pixel, line.gradient(routed.0, pixels.y0))
      store(pixel + channels, line.gradient(routed.1, pixels.y1))
      store(pixel + next, line.gradient(routed.2, pixels.y2))
      store(pixel + next + channels, line.gradient(routed.3, pixels.y3))
      channel += laneCount
    }
  }
}

/// The last odd column, and after an image's last pooled row its last odd row: no gradient reaches them through the pool, but
/// they took part in the batch statistics.
func applyDropped(
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

@inline(__always) private var pixelsAhead: Int { 16 }

/// The four values of y under a pooling window, in scan order.
private struct Pixels {
  let y0: Lanes
  let y1: Lanes
  let y2: Lanes
  let y3: Lanes

  /// Asks for the pixels that come `pixelsAhead` later, too: two rows at once are more than the hardware foresees.
  @inline(__always) init(_ shape: NormShape, _ pixel: UnsafePointer<Float>) {
    let next = pixel + shape.frames * shape.channels
    let ahead = pixelsAhead * shape.channels
    prefetch(pixel + ahead)
    prefetch(pixel + ahead + shape.channels)
    prefetch(next + ahead)
    prefetch(next + ahead + shape.channels)
    (y0, y1) = (load(pixel), load(pixel + shape.channels))
    (y2, y3) = (load(next), load(next + shape.channels))
  }

  @inline(__always) func window(_ scale: Lanes, _ shift: Lanes) -> Window {
    Window(
      multiplyAdd(shift, scale, y0), multiplyAdd(shift, scale, y1), multiplyAdd(shift, scale, y2),
      multiplyAdd(shift, scale, y3))
  }

  /// The y that became the window's first maximum.
  @inline(__always) func first(_ window: Window) -> Lanes {
    y3.replacing(with: y2, where: window.v2 .== window.top).replacing(
      with: y1, where: window.v1 .== window.top
    )
    .replacing(with: y0, where: window.v0 .== window.top)
  }
}
