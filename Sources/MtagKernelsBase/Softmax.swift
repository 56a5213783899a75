import MtagKernelTypes

func softmax(_ run: SoftmaxRun, _ first: Int, _ count: Int) {
  if run.step == 1 {
    for index in first..<(first + count) {
      softmaxRun(
        run.length, run.width, run.source + index * run.runStep,
        run.gradient.map { $0 + index * run.runStep },
        run.target + index * run.runStep)
    }
    return
  }
  let blocks = run.width / 16
  for index in first..<(first + count) {
    let start = index / blocks * run.runStep + index % blocks * 16
    var lane = 0
    while lane < 16 {
      let column = index % blocks * 16 + lane
      softmaxColumns(run, start + lane, run.channels - column % run.stride)
      lane += laneCount
    }
  }
}

/// A register's columns, of which the first `live` count.
@inline(__always) private func softmaxColumns(_ run: SoftmaxRun, _ place: Int, _ live: Int) {
  let x = run.source + place
  let out = run.target + place
  var top = load(x)
  for i in 1..<max(run.length, 1) { top = larger(top, load(x + i * run.step)) }
  var sum = Lanes.zero
  var dot = Lanes.zero
  for i in 0..<run.length {
    let e = exponential(load(x + i * run.step) - top)
    sum += e
    if let gradient = run.gradient {
      dot = multiplyAdd(dot, e, load(gradient + place + i * run.step))
    } else {
      store(out + i * run.step, e)
    }
  }
  let share = (Lanes(repeating: 1) / sum)
  for i in 0..<run.length {
    let place = place + i * run.step
    let value: Lanes
    if let gradient = run.gradient {
      value = exponential(load(run.source + place) - top) * share * (load(gradient + place) - dot * share)
    } else {
      value = load(run.target + place) * share
    }
    store(run.target + place, value)
    if live < laneCount {
      let kept = max(live, 0)
      clear(run.target + place + kept, laneCount - kept)
    }
  }
}

/// `length` values side by side, and padding up to `width`.
@inline(__always) private func softmaxRun(
  _ length: Int, _ width: Int, _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>?,
  _ out: UnsafeMutablePointer<Float>
) {
  let lowest = Lanes(repeating: -.infinity)
  var tops = lowest
  var i = 0
  while i < length {
    tops = larger(tops, values(x + i, length - i, otherwise: lowest))
    i += laneCount
  }
  var top = tops[0]
  for lane in 1..<laneCount where tops[lane] > top { top = tops[lane] }
  var sums = Lanes.zero
  var dots = Lanes.zero
  i = 0
  while i < length {
    let rest = length - i
    // Lanes past the end add nothing.
    let e = values(
      exponentials(values(x + i, rest, otherwise: .zero), top), rest, otherwise: .zero)
    sums += e
    if let gradient { dots = multiplyAdd(dots, e, load(gradient + i)) }
    i += laneCount
  }
  let share = Lanes(repeating: 1 / sumOfLanes(sums))
  let dot = Lanes(repeating: sumOfLanes(dots)) * share
  i = 0
  while i < length {
    let rest = length - i
    var value = exponentials(values(x + i, rest, otherwise: .zero), top) * share
    if let gradient { value = value * (load(gradient + i) - dot) }
    store(out + i, values(value, rest, otherwise: .zero))
    i += laneCount
  }
  if i < width { clear(out + i, width - i) }
}

@inline(__always) private func exponentials(_ x: Lanes, _ top: Float) -> Lanes {
  exponential(x - Lanes(repeating: top))
}

/// A register of which only the first `count` lanes count.
@inline(__always) private func values(_ x: UnsafePointer<Float>, _ count: Int, otherwise: Lanes) -> Lanes {
  values(load(x), count, otherwise: otherwise)
}

@inline(__always) private func values(_ x: Lanes, _ count: Int, otherwise: Lanes) -> Lanes {
  guard count < laneCount else { return x }
  var result = x
  for lane in count..<laneCount { result[lane] = otherwise[lane] }
  return result
}
