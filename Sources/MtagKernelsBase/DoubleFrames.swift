import MtagKernelTypes

// Plain loops: the compiler makes vectors of them, and what it may not reorder (the sum) is the same at every level.

func windowInDouble(
  _ out: UnsafeMutablePointer<Double>, _ samples: UnsafePointer<Float>, _ window: UnsafePointer<Double>,
  _ count: Int, _ removesMean: Bool, _ preEmphasis: Float
) {
  guard removesMean || preEmphasis != 0 else {
    for i in 0..<count { out[i] = Double(samples[i]) * window[i] }
    return
  }
  var mean = 0.0
  if removesMean {
    for i in 0..<count { mean += Double(samples[i]) }
    mean /= Double(count)
  }
  let factor = Double(preEmphasis)
  // The first sample stands in for the one before it.
  let first = Double(samples[0]) - mean
  out[0] = (first - factor * first) * window[0]
  var i = 1
  while i < count {
    out[i] = ((Double(samples[i]) - mean) - factor * (Double(samples[i - 1]) - mean)) * window[i]
    i += 1
  }
}

func roundToSingle(_ out: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Double>, _ count: Int) {
  for i in 0..<count { out[i] = Float(values[i]) }
}
