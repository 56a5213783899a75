import MtagKernelTypes

// Four spectra by four bins at a time: |z|², then a 4 × 4 transposition in registers.
func binValues(
  _ out: UnsafeMutablePointer<Float>, _ spectra: UnsafePointer<Float>, _ rowStride: Int, _ firstBin: Int,
  _ binCount: Int, _ takesRoot: Bool
) {
  let width = FeatureKernels.framesPerGroup
  var bin = 0
  while bin < binCount {
    var frame = 0
    while frame < width {
      let row = spectra + frame * rowStride + 2 * (firstBin + bin)
      turnFourSpectra(out + bin * width + frame, row, rowStride, width)
      frame += 4
    }
    bin += 4
  }
  guard takesRoot else { return }
  var i = 0
  while i < binCount * width {
    store(out + i, squareRoot(load(out + i)))
    i += laneCount
  }
}

/// Square roots of numbers that are not negative, to 3e-7 for normal ones; Swift's own `squareRoot()` works lane by lane.
///
/// 1/√x from its exponent (Lomont, "Fast inverse square root", 2003: within 3.5 %), three of Newton's steps, times x.
@inline(__always) func squareRoot(_ value: Lanes) -> Lanes {
  let half = value * Lanes(repeating: 0.5)
  let pattern = unsafeBitCast(value, to: IntegerLanes.self) &>> IntegerLanes(repeating: 1)
  var inverse = unsafeBitCast(IntegerLanes(repeating: 0x5f37_5a86) &- pattern, to: Lanes.self)
  inverse *= Lanes(repeating: 1.5) - half * inverse * inverse
  inverse *= Lanes(repeating: 1.5) - half * inverse * inverse
  inverse *= Lanes(repeating: 1.5) - half * inverse * inverse
  return value * inverse
}

@inline(__always) private func squaredMagnitudes(_ complex: UnsafePointer<Float>) -> SIMD4<Float> {
  let values = UnsafeRawPointer(complex).loadUnaligned(as: SIMD8<Float>.self)
  let (re, im) = (values.evenHalf, values.oddHalf)
  return re * re + im * im
}

@inline(__always) private func turnFourSpectra(
  _ out: UnsafeMutablePointer<Float>, _ row: UnsafePointer<Float>, _ rowStride: Int, _ outStride: Int
) {
  let row0 = squaredMagnitudes(row)
  let row1 = squaredMagnitudes(row + rowStride)
  let row2 = squaredMagnitudes(row + 2 * rowStride)
  let row3 = squaredMagnitudes(row + 3 * rowStride)
  storeTurned(out, outStride, row0, row1, row2, row3)
}

/// Four rows of four, stored as four columns that are `stride` apart.
@inline(__always) func storeTurned(
  _ out: UnsafeMutablePointer<Float>, _ stride: Int, _ row0: SIMD4<Float>, _ row1: SIMD4<Float>,
  _ row2: SIMD4<Float>, _ row3: SIMD4<Float>
) {
  let even01 = SIMD4(lowHalf: row0.evenHalf, highHalf: row1.evenHalf)
  let odd01 = SIMD4(lowHalf: row0.oddHalf, highHalf: row1.oddHalf)
  let even23 = SIMD4(lowHalf: row2.evenHalf, highHalf: row3.evenHalf)
  let odd23 = SIMD4(lowHalf: row2.oddHalf, highHalf: row3.oddHalf)
  store4(out, SIMD4(lowHalf: even01.evenHalf, highHalf: even23.evenHalf))
  store4(out + stride, SIMD4(lowHalf: odd01.evenHalf, highHalf: odd23.evenHalf))
  store4(out + 2 * stride, SIMD4(lowHalf: even01.oddHalf, highHalf: even23.oddHalf))
  store4(out + 3 * stride, SIMD4(lowHalf: odd01.oddHalf, highHalf: odd23.oddHalf))
}

@inline(__always) private func store4(_ pointer: UnsafeMutablePointer<Float>, _ value: SIMD4<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
}

func bandSums(
  _ out: UnsafeMutablePointer<Float>, _ peaks: UnsafeMutablePointer<Float>, _ bins: UnsafePointer<Float>,
  _ table: BandTable
) {
  let width = FeatureKernels.framesPerGroup
  var lane = 0
  while lane < width {
    var weights = table.weights
    var peak = load(peaks + lane)
    var band = 0
    while band < table.bands {
      let count = Int(table.binCounts[band])
      var source = bins + Int(table.firstBins[band]) * width + lane
      // Two chains, because one alone would wait for its own result.
      var (even, odd) = (Lanes(repeating: 0), Lanes(repeating: 0))
      var bin = 0
      while bin + 1 < count {
        even = multiplyAdd(even, weights[bin], load(source))
        odd = multiplyAdd(odd, weights[bin + 1], load(source + width))
        source += 2 * width
        bin += 2
      }
      if bin < count { even = multiplyAdd(even, weights[bin], load(source)) }
      let sum = even + odd
      store(out + band * width + lane, sum)
      peak.replace(with: sum, where: sum .> peak)
      weights += count
      band += 1
    }
    store(peaks + lane, peak)
    lane += laneCount
  }
}
