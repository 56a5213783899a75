import MtagKernelTypes

func turnSpectra(
  _ out: UnsafeMutablePointer<Float>, _ spectra: UnsafePointer<Float>, _ rowStride: Int, _ firstBin: Int,
  _ binCount: Int
) {
  let width = FeatureKernels.framesPerGroup
  var bin = 0
  while bin < binCount {
    var frame = 0
    while frame < width {
      let row = spectra + frame * rowStride + 2 * (firstBin + bin)
      let row0 = complexes(row)
      let row1 = complexes(row + rowStride)
      let row2 = complexes(row + 2 * rowStride)
      let row3 = complexes(row + 3 * rowStride)
      let target = out + 2 * bin * width + frame
      storeTurned(target, 2 * width, row0.evenHalf, row1.evenHalf, row2.evenHalf, row3.evenHalf)
      storeTurned(target + width, 2 * width, row0.oddHalf, row1.oddHalf, row2.oddHalf, row3.oddHalf)
      frame += 4
    }
    bin += 4
  }
}

@inline(__always) private func complexes(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

func bandValues(
  _ out: UnsafeMutablePointer<Float>, _ peaks: UnsafeMutablePointer<Float>, _ bins: UnsafePointer<Float>,
  _ table: BandTable, _ takesRoot: Bool
) {
  let width = FeatureKernels.framesPerGroup
  var lane = 0
  while lane < width {
    var weights = table.weights
    var peak = load(peaks + lane)
    var band = 0
    while band < table.bands {
      let count = Int(table.binCounts[band])
      var source = bins + 2 * Int(table.firstBins[band]) * width + lane
      // Four chains of sums, none waiting for another's result: (a + bi)(x + yi) = (ax - by) + (ay + bx)i.
      var (ax, by) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var (ay, bx) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var bin = 0
      while bin < count {
        let (a, b) = (weights[2 * bin], weights[2 * bin + 1])
        let (x, y) = (load(source), load(source + width))
        ax = multiplyAdd(ax, a, x)
        by = multiplyAdd(by, b, y)
        ay = multiplyAdd(ay, a, y)
        bx = multiplyAdd(bx, b, x)
        source += 2 * width
        bin += 1
      }
      let (re, im) = (ax - by, ay + bx)
      var value = re * re + im * im
      if takesRoot { value = squareRoot(value) }
      store(out + band * width + lane, value)
      peak.replace(with: value, where: value .> peak)
      weights += 2 * count
      band += 1
    }
    store(peaks + lane, peak)
    lane += laneCount
  }
}
