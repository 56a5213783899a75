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
