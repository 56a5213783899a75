import MtagKernelTypes

func rises(
  _ out: UnsafeMutablePointer<Float>, _ levels: UnsafePointer<Float>, _ rowStride: Int, _ bands: Int
) {
  let zero = Lanes(repeating: 0)
  let share = Lanes(repeating: 1 / Float(bands))
  var lane = 0
  while lane < FeatureKernels.framesPerGroup {
    var sum = zero
    var band = 0
    while band < bands {
      let row = levels + band * rowStride + lane
      var rise = load(row) - load(row - 1)
      rise.replace(with: zero, where: rise .< zero)
      sum += rise
      band += 1
    }
    store(out + lane, sum * share)
    lane += laneCount
  }
}

// The frames stand side by side: of one lag, each frame needs the same products of the envelope, one place further on.
func autocorrelations(
  _ out: UnsafeMutablePointer<Float>, _ products: UnsafeMutablePointer<Float>,
  _ envelope: UnsafePointer<Float>,
  _ weights: UnsafePointer<Float>, _ lags: Int
) {
  let width = FeatureKernels.framesPerGroup
  var weight = weights
  var lag = 0
  while lag < lags {
    let count = lags - lag
    var place = 0
    while place < count + width - 1 {
      store(products + place, load(envelope + place) * load(envelope + place + lag))
      place += laneCount
    }
    var lane = 0
    while lane < width {
      store(out + lag * width + lane, weightedSum(weight, products + lane, count))
      lane += laneCount
    }
    weight += count
    lag += 1
  }
  divideByFirstRow(out, lags)
}

/// Σ weights[i] · values[i ..< i + laneCount]; four chains, because one alone would wait for its own result.
@inline(__always) private func weightedSum(
  _ weights: UnsafePointer<Float>, _ values: UnsafePointer<Float>, _ count: Int
) -> Lanes {
  let zero = Lanes(repeating: 0)
  var (sum0, sum1, sum2, sum3) = (zero, zero, zero, zero)
  var index = 0
  while index + 3 < count {
    sum0 = multiplyAdd(sum0, weights[index], load(values + index))
    sum1 = multiplyAdd(sum1, weights[index + 1], load(values + index + 1))
    sum2 = multiplyAdd(sum2, weights[index + 2], load(values + index + 2))
    sum3 = multiplyAdd(sum3, weights[index + 3], load(values + index + 3))
    index += 4
  }
  while index < count {
    sum0 = multiplyAdd(sum0, weights[index], load(values + index))
    index += 1
  }
  return (sum0 + sum1) + (sum2 + sum3)
}

@inline(__always) private func divideByFirstRow(_ values: UnsafeMutablePointer<Float>, _ rows: Int) {
  let width = FeatureKernels.framesPerGroup
  var lane = 0
  while lane < width {
    var first = load(values + lane)
    first.replace(with: Lanes(repeating: 1), where: first .< Lanes(repeating: Float.leastNormalMagnitude))
    var row = 0
    while row < rows {
      let place = values + row * width + lane
      store(place, load(place) / first)
      row += 1
    }
    lane += laneCount
  }
}
