import MtagKernelTypes

/// Copies rows `top ..< top + rows` of an image into `scratch` `[rows, frames + 4]`, one column in; what lies outside stays zero.
private func loadRows(_ run: FirstBlockRun, _ image: Int, _ top: Int, _ rows: Int) {
  let stride = run.frames + 4
  for i in 0..<rows {
    let row = run.scratch + i * stride
    row.update(repeating: 0, count: stride)
    guard top + i >= 0, top + i < run.bands else { continue }
    (row + 1).update(from: run.x + (image * run.bands + top + i) * run.frames, count: run.frames)
  }
}

/// The nine taps of one block of channels.
private struct Taps {
  let t0: Lanes
  let t1: Lanes
  let t2: Lanes
  let t3: Lanes
  let t4: Lanes
  let t5: Lanes
  let t6: Lanes
  let t7: Lanes
  let t8: Lanes

  @inline(__always) init(_ p: UnsafePointer<Float>, _ channels: Int) {
    (t0, t1, t2) = (load(p), load(p + channels), load(p + 2 * channels))
    (t3, t4, t5) = (load(p + 3 * channels), load(p + 4 * channels), load(p + 5 * channels))
    (t6, t7, t8) = (load(p + 6 * channels), load(p + 7 * channels), load(p + 8 * channels))
  }

  /// shift + the convolution at the patch whose first pixel is `p`, rows `stride` apart.
  @inline(__always) func apply(_ p: UnsafePointer<Float>, _ stride: Int, _ shift: Lanes) -> Lanes {
    let q = p + stride
    let r = q + stride
    var upper = multiplyAdd(shift, p[0], t0)
    upper = multiplyAdd(upper, p[1], t1)
    upper = multiplyAdd(upper, p[2], t2)
    upper = multiplyAdd(upper, q[0], t3)
    var lower = q[1] * t4
    lower = multiplyAdd(lower, q[2], t5)
    lower = multiplyAdd(lower, r[0], t6)
    lower = multiplyAdd(lower, r[1], t7)
    lower = multiplyAdd(lower, r[2], t8)
    return upper + lower
  }
}

func firstBlockForward(_ run: FirstBlockRun, _ first: Int, _ count: Int) {
  let stride = run.frames + 4
  let (rows, columns) = (run.bands / 2, run.frames / 2)
  for row in first..<(first + count) {
    loadRows(run, row / rows, row % rows * 2 - 1, 4)
    let out = run.z + row * columns * run.channels
    var channel = 0
    while channel < run.channels {
      let taps = Taps(run.scaledTaps + channel, run.channels)
      let shift = load(run.shift + channel)
      for j in 0..<columns {
        let p = UnsafePointer(run.scratch + 2 * j)
        let upper = larger(taps.apply(p, stride, shift), taps.apply(p + 1, stride, shift))
        let lower = larger(taps.apply(p + stride, stride, shift), taps.apply(p + stride + 1, stride, shift))
        store(out + j * run.channels + channel, larger(larger(upper, lower), .zero))
      }
      channel += laneCount
    }
  }
}

func firstBlockBackward(_ run: FirstBlockRun, _ first: Int, _ count: Int) {
  let stride = run.frames + 4
  let (rows, columns) = (run.bands / 2, run.frames / 2)
  for row in first..<(first + count) {
    loadRows(run, row / rows, row % rows * 2 - 1, 4)
    let gradients = UnsafePointer(run.z + row * columns * run.channels)
    var channel = 0
    while channel < run.channels {
      let taps = Taps(run.scaledTaps + channel, run.channels)
      let shift = load(run.shift + channel)
      var s0 = Lanes.zero
      var (s1, s2, s3, s4, s5, s6, s7, s8, total) = (s0, s0, s0, s0, s0, s0, s0, s0, s0)
      for j in 0..<columns {
        let p = UnsafePointer(run.scratch + 2 * j)
        let gradient = gradients + j * run.channels + channel
        prefetch(gradient + 24 * run.channels)
        let window = Window(
          taps.apply(p, stride, shift), taps.apply(p + 1, stride, shift),
          taps.apply(p + stride, stride, shift),
          taps.apply(p + stride + 1, stride, shift))
        let g = routeToMaximum(window, live(load(gradient), window.top, true))
        @inline(__always) func add(_ sum: Lanes, _ corner: UnsafePointer<Float>) -> Lanes {
          let upper = multiplyAdd(multiplyAdd(sum, corner[0], g.0), corner[1], g.1)
          return multiplyAdd(multiplyAdd(upper, corner[stride], g.2), corner[stride + 1], g.3)
        }
        s0 = add(s0, p)
        s1 = add(s1, p + 1)
        s2 = add(s2, p + 2)
        s3 = add(s3, p + stride)
        s4 = add(s4, p + stride + 1)
        s5 = add(s5, p + stride + 2)
        s6 = add(s6, p + 2 * stride)
        s7 = add(s7, p + 2 * stride + 1)
        s8 = add(s8, p + 2 * stride + 2)
        total += g.0 + g.1 + g.2 + g.3
      }
      addToDouble(run.sums + channel, run.channels, (s0, s1, s2, s3, s4), (s5, s6, s7, s8, total))
      channel += laneCount
    }
  }
}

private typealias Five = (Lanes, Lanes, Lanes, Lanes, Lanes)

private func addToDouble(_ sums: UnsafeMutablePointer<Double>, _ stride: Int, _ a: Five, _ b: Five) {
  func add(_ row: Int, _ value: Lanes) {
    for k in 0..<laneCount { sums[row * stride + k] += Double(value[k]) }
  }
  add(0, a.0)
  add(1, a.1)
  add(2, a.2)
  add(3, a.3)
  add(4, a.4)
  add(5, b.0)
  add(6, b.1)
  add(7, b.2)
  add(8, b.3)
  add(9, b.4)
}

func patchMoments(_ run: FirstBlockRun, _ moments: UnsafeMutablePointer<Double>, _ first: Int, _ count: Int) {
  let stride = run.frames + 4
  for row in first..<(first + count) {
    loadRows(run, row / run.bands, row % run.bands - 1, 3)
    for a in 0..<9 {
      let p = UnsafePointer(run.scratch + a / 3 * stride + a % 3)
      moments[a] += rowSum(p, run.frames)
      for b in a..<9 {
        let product = rowProduct(p, UnsafePointer(run.scratch + b / 3 * stride + b % 3), run.frames)
        moments[9 + a * 9 + b] += product
        if a != b { moments[9 + b * 9 + a] += product }
      }
    }
  }
}

private func rowSum(_ p: UnsafePointer<Float>, _ count: Int) -> Double {
  var sum = Lanes.zero
  var i = 0
  while i + laneCount <= count {
    sum += load(p + i)
    i += laneCount
  }
  var total = Double(sum.sum())
  while i < count {
    total += Double(p[i])
    i += 1
  }
  return total
}

private func rowProduct(_ p: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ count: Int) -> Double {
  var sum = Lanes.zero
  var i = 0
  while i + laneCount <= count {
    sum = multiplyAdd(sum, load(p + i), load(q + i))
    i += laneCount
  }
  var total = Double(sum.sum())
  while i < count {
    total += Double(p[i] * q[i])
    i += 1
  }
  return total
}
