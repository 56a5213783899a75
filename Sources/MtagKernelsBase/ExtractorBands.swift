import MtagKernelTypes

func denseSums(
  _ out: UnsafeMutablePointer<Float>, _ peaks: UnsafeMutablePointer<Float>, _ bins: UnsafePointer<Float>,
  _ weights: UnsafePointer<Float>, _ rows: Int, _ depth: Int
) {
  let (width, panelRows) = (FeatureKernels.framesPerGroup, ExtractorKernels.panelRows)
  var row = 0
  while row < rows {
    // Sums of 128 values are added to the total: a thousand values in one chain would lose a digit.
    var start = 0
    while start < depth {
      let count = depth - start < 128 ? depth - start : 128
      var lane = 0
      while lane < width {
        densePanel(
          out + row * width + lane, bins + start * width + lane, weights + row * depth + start * panelRows,
          rows - row, count, start > 0)
        lane += laneCount
      }
      start += count
    }
    row += panelRows
  }
  raise(peaks, out, rows)
}

/// Sums of `count` bins in up to eight rows, one register wide, stored or added to what is there.
@inline(__always) private func densePanel(
  _ out: UnsafeMutablePointer<Float>, _ bins: UnsafePointer<Float>, _ weights: UnsafePointer<Float>,
  _ rows: Int, _ count: Int, _ adds: Bool
) {
  let zero = Lanes(repeating: 0)
  var (sum0, sum1, sum2, sum3) = (zero, zero, zero, zero)
  var (sum4, sum5, sum6, sum7) = (zero, zero, zero, zero)
  var (source, weight) = (bins, weights)
  var bin = 0
  while bin < count {
    let value = load(source)
    sum0 = multiplyAdd(sum0, weight[0], value)
    sum1 = multiplyAdd(sum1, weight[1], value)
    sum2 = multiplyAdd(sum2, weight[2], value)
    sum3 = multiplyAdd(sum3, weight[3], value)
    sum4 = multiplyAdd(sum4, weight[4], value)
    sum5 = multiplyAdd(sum5, weight[5], value)
    sum6 = multiplyAdd(sum6, weight[6], value)
    sum7 = multiplyAdd(sum7, weight[7], value)
    source += FeatureKernels.framesPerGroup
    weight += ExtractorKernels.panelRows
    bin += 1
  }
  keep(sum0, 0, rows, out, adds)
  keep(sum1, 1, rows, out, adds)
  keep(sum2, 2, rows, out, adds)
  keep(sum3, 3, rows, out, adds)
  keep(sum4, 4, rows, out, adds)
  keep(sum5, 5, rows, out, adds)
  keep(sum6, 6, rows, out, adds)
  keep(sum7, 7, rows, out, adds)
}

@inline(__always) private func keep(
  _ sum: Lanes, _ row: Int, _ rows: Int, _ out: UnsafeMutablePointer<Float>, _ adds: Bool
) {
  guard row < rows else { return }
  let target = out + row * FeatureKernels.framesPerGroup
  store(target, adds ? load(target) + sum : sum)
}

/// Raises each column's largest.
@inline(__always) private func raise(
  _ peaks: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Float>, _ rows: Int
) {
  let width = FeatureKernels.framesPerGroup
  var lane = 0
  while lane < width {
    var peak = load(peaks + lane)
    var index = lane
    while index < rows * width {
      let value = load(values + index)
      peak.replace(with: value, where: value .> peak)
      index += width
    }
    store(peaks + lane, peak)
    lane += laneCount
  }
}

func normalizeColumns(_ values: UnsafeMutablePointer<Float>, _ rows: Int) {
  let width = FeatureKernels.framesPerGroup
  var lane = 0
  while lane < width {
    var largest = Lanes(repeating: 0)
    var row = 0
    while row < rows {
      let value = load(values + row * width + lane)
      largest.replace(with: value, where: value .> largest)
      row += 1
    }
    largest.replace(with: Lanes(repeating: 1), where: largest .< Lanes(repeating: Float.leastNormalMagnitude))
    row = 0
    while row < rows {
      let place = values + row * width + lane
      store(place, load(place) / largest)
      row += 1
    }
    lane += laneCount
  }
}

func copyWithPeaks(
  _ out: UnsafeMutablePointer<Float>, _ peaks: UnsafeMutablePointer<Float>, _ values: UnsafePointer<Float>,
  _ rows: Int
) {
  var index = 0
  while index < rows * FeatureKernels.framesPerGroup {
    store(out + index, load(values + index))
    index += laneCount
  }
  raise(peaks, values, rows)
}

// Two sorted lists a column, kept by comparing each new value with every entry and handing on the one that loses its place:
// no branch depends on the values.
func extremes(
  _ valley: UnsafeMutablePointer<Float>, _ peak: UnsafeMutablePointer<Float>, _ bins: UnsafePointer<Float>,
  _ count: Int, _ taken: Int, _ scratch: UnsafeMutablePointer<Float>
) {
  let width = FeatureKernels.framesPerGroup
  let share = Lanes(repeating: 1 / Float(taken))
  var lane = 0
  while lane < width {
    let (lows, highs) = (scratch, scratch + taken * laneCount)
    var place = 0
    while place < taken * laneCount {
      store(lows + place, Lanes(repeating: Float.greatestFiniteMagnitude))
      store(highs + place, Lanes(repeating: 0))
      place += laneCount
    }
    var bin = 0
    while bin < count {
      var low = load(bins + bin * width + lane)
      var high = low
      place = 0
      while place < taken * laneCount {
        let (keptLow, keptHigh) = (load(lows + place), load(highs + place))
        store(lows + place, keptLow.replacing(with: low, where: low .< keptLow))
        low = low.replacing(with: keptLow, where: low .< keptLow)
        store(highs + place, keptHigh.replacing(with: high, where: high .> keptHigh))
        high = high.replacing(with: keptHigh, where: high .> keptHigh)
        place += laneCount
      }
      bin += 1
    }
    var (low, high) = (Lanes(repeating: 0), Lanes(repeating: 0))
    place = 0
    while place < taken * laneCount {
      low += load(lows + place)
      high += load(highs + place)
      place += laneCount
    }
    store(valley + lane, low * share)
    store(peak + lane, high * share)
    lane += laneCount
  }
}
