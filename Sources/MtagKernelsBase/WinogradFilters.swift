import MtagKernelTypes

// The filters' transforms work on one register of output channels at a time, since those stand side by side in packed filters.

/// G g: three taps to six points.
@inline(__always) private func tapPoints(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Six {
  let near = multiplyAdd(a, 0.5, c) * (-2 / 3)
  let far = multiplyAdd(a, 2, c) * (1 / 6)
  let nearOdd = b * (-2 / 3 * pointA)
  let farOdd = b * (1 / 6 * pointB)
  return (a, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, c)
}

/// G g of F(2, 5): five taps to six points.
@inline(__always) private func tapPoints(
  _ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ e: Lanes
) -> Six {
  let near = multiplyAdd(multiplyAdd(a, 0.5, c), 0.25, e) * (-2 / 3)
  let far = multiplyAdd(multiplyAdd(a, 2, c), 4, e) * (1 / 6)
  let nearOdd = multiplyAdd(b, 0.5, d) * (-2 / 3 * pointA)
  let farOdd = multiplyAdd(b, 2, d) * (1 / 6 * pointB)
  return (a, near + nearOdd, near - nearOdd, far + farOdd, far - farOdd, e)
}

/// Gᵀ u: six points to the gradients of three taps.
@inline(__always) private func tapGradients(_ u: Six) -> (Lanes, Lanes, Lanes) {
  let near = (u.1 + u.2) * (-2 / 3)
  let far = (u.3 + u.4) * (1 / 6)
  let odd = multiplyAdd((u.1 - u.2) * (-2 / 3 * pointA), 1 / 6 * pointB, u.3 - u.4)
  return (u.0 + near + far, odd, multiplyAdd(multiplyAdd(u.5, 0.5, near), 2, far))
}

/// Where the point-0 value of the filter from `input` to `output` stands in packed filters; the other points follow
/// `inputChannels * outputChannels` floats apart.
@inline(__always) private func packedIndex(
  input: Int, output: Int, inputChannels: Int, outputChannels: Int
) -> Int {
  let panel = output / panelWidth * panelWidth
  let width = min(panelWidth, outputChannels - panel)
  return panel * inputChannels + input * width + output - panel
}

/// `lanes` values `stride` apart, the rest zero. A full register is unrolled.
@inline(__always) private func loadStrided(_ p: UnsafePointer<Float>, _ stride: Int, _ lanes: Int) -> Lanes {
  var value = Lanes.zero
  if lanes == laneCount {
    for lane in 0..<laneCount { value[lane] = p[lane * stride] }
  } else {
    for lane in 0..<lanes { value[lane] = p[lane * stride] }
  }
  return value
}

@inline(__always) private func storeStrided(
  _ p: UnsafeMutablePointer<Float>, _ stride: Int, _ lanes: Int, _ value: Lanes
) {
  if lanes == laneCount {
    for lane in 0..<laneCount { p[lane * stride] = value[lane] }
  } else {
    for lane in 0..<lanes { p[lane * stride] = value[lane] }
  }
}

func transformFilters(_ run: FilterTransform, _ first: Int, _ count: Int) {
  if run.kernel == 5 { return transformLargeFilters(run, first, count) }
  // Transposed, the convolution reads the true output channels and gives the true input channels.
  let inputs = run.isTransposed ? run.outputCount : run.inputCount
  let inputChannels = run.isTransposed ? run.outputChannels : run.inputChannels
  let outputChannels = run.isTransposed ? run.inputChannels : run.outputChannels
  let inputStride = (run.isTransposed ? run.inputCount : 1) * 9
  let outputStride = (run.isTransposed ? 1 : run.inputCount) * 9
  let pointStride = inputChannels * outputChannels
  var output = first
  while output < first + count {
    let lanes = min(laneCount, first + count - output)
    for input in 0..<inputs {
      let weights = run.weights + input * inputStride + output * outputStride
      @inline(__always) func tap(_ i: Int, _ j: Int) -> Lanes {
        let place = weights + (run.isTransposed ? 8 - i * 3 - j : i * 3 + j)
        return loadStrided(place, outputStride, lanes)
      }
      let p =
        run.transformed
        + packedIndex(
          input: input, output: output, inputChannels: inputChannels, outputChannels: outputChannels)
      let c0 = tapPoints(tap(0, 0), tap(1, 0), tap(2, 0))
      let c1 = tapPoints(tap(0, 1), tap(1, 1), tap(2, 1))
      let c2 = tapPoints(tap(0, 2), tap(1, 2), tap(2, 2))
      scatter(p, pointStride, tapPoints(c0.0, c1.0, c2.0))
      scatter(p + 6 * pointStride, pointStride, tapPoints(c0.1, c1.1, c2.1))
      scatter(p + 12 * pointStride, pointStride, tapPoints(c0.2, c1.2, c2.2))
      scatter(p + 18 * pointStride, pointStride, tapPoints(c0.3, c1.3, c2.3))
      scatter(p + 24 * pointStride, pointStride, tapPoints(c0.4, c1.4, c2.4))
      scatter(p + 30 * pointStride, pointStride, tapPoints(c0.5, c1.5, c2.5))
    }
    output += lanes
  }
}

/// Filters of 5×5 taps.
private func transformLargeFilters(_ run: FilterTransform, _ first: Int, _ count: Int) {
  let outputStride = run.inputCount * 25
  let pointStride = run.inputChannels * run.outputChannels
  var output = first
  while output < first + count {
    let lanes = min(laneCount, first + count - output)
    for input in 0..<run.inputCount {
      let weights = run.weights + input * 25 + output * outputStride
      @inline(__always) func column(_ j: Int) -> Six {
        @inline(__always) func tap(_ i: Int) -> Lanes {
          loadStrided(weights + i * 5 + j, outputStride, lanes)
        }
        return tapPoints(tap(0), tap(1), tap(2), tap(3), tap(4))
      }
      let p =
        run.transformed
        + packedIndex(
          input: input, output: output, inputChannels: run.inputChannels, outputChannels: run.outputChannels)
      let (c0, c1, c2, c3, c4) = (column(0), column(1), column(2), column(3), column(4))
      scatter(p, pointStride, tapPoints(c0.0, c1.0, c2.0, c3.0, c4.0))
      scatter(p + 6 * pointStride, pointStride, tapPoints(c0.1, c1.1, c2.1, c3.1, c4.1))
      scatter(p + 12 * pointStride, pointStride, tapPoints(c0.2, c1.2, c2.2, c3.2, c4.2))
      scatter(p + 18 * pointStride, pointStride, tapPoints(c0.3, c1.3, c2.3, c3.3, c4.3))
      scatter(p + 24 * pointStride, pointStride, tapPoints(c0.4, c1.4, c2.4, c3.4, c4.4))
      scatter(p + 30 * pointStride, pointStride, tapPoints(c0.5, c1.5, c2.5, c3.5, c4.5))
    }
    output += lanes
  }
}

/// Filters of three taps for the convolution along rows: `[6, panels, in, panel width]`; see `RowWinogradKernels`.
func transformRowFilters(_ run: FilterTransform, _ first: Int, _ count: Int) {
  let outputStride = run.inputCount * 3
  let pointStride = run.inputChannels * run.outputChannels
  var output = first
  while output < first + count {
    let lanes = min(laneCount, first + count - output)
    for input in 0..<run.inputCount {
      let weights = run.weights + input * 3 + output * outputStride
      let p =
        run.transformed
        + packedIndex(
          input: input, output: output, inputChannels: run.inputChannels, outputChannels: run.outputChannels)
      scatter(
        p, pointStride,
        tapPoints(
          loadStrided(weights, outputStride, lanes), loadStrided(weights + 1, outputStride, lanes),
          loadStrided(weights + 2, outputStride, lanes)))
    }
    output += lanes
  }
}

func finishFilterGradient(_ run: FilterTransform) {
  let pointStride = run.inputChannels * run.outputChannels
  let outputStride = run.inputCount * 9
  var output = 0
  while output < run.outputCount {
    let lanes = min(laneCount, run.outputCount - output)
    for input in 0..<run.inputCount {
      let p = UnsafePointer(
        run.transformed
          + packedIndex(
            input: input, output: output, inputChannels: run.inputChannels, outputChannels: run.outputChannels
          ))
      let weights = run.weights + input * 9 + output * outputStride
      @inline(__always) func put(_ tap: Int, _ value: Lanes) {
        storeStrided(weights + tap, outputStride, lanes, value)
      }
      let r0 = tapGradients(gather(p, pointStride))
      let r1 = tapGradients(gather(p + 6 * pointStride, pointStride))
      let r2 = tapGradients(gather(p + 12 * pointStride, pointStride))
      let r3 = tapGradients(gather(p + 18 * pointStride, pointStride))
      let r4 = tapGradients(gather(p + 24 * pointStride, pointStride))
      let r5 = tapGradients(gather(p + 30 * pointStride, pointStride))
      let a = tapGradients((r0.0, r1.0, r2.0, r3.0, r4.0, r5.0))
      let b = tapGradients((r0.1, r1.1, r2.1, r3.1, r4.1, r5.1))
      let c = tapGradients((r0.2, r1.2, r2.2, r3.2, r4.2, r5.2))
      put(0, a.0)
      put(1, b.0)
      put(2, c.0)
      put(3, a.1)
      put(4, b.1)
      put(5, c.1)
      put(6, a.2)
      put(7, b.2)
      put(8, c.2)
    }
    output += lanes
  }
}
