import MtagKernelTypes

func layerNorm(_ run: LayerNormRun, _ first: Int, _ count: Int) {
  let share = 1 / Float(run.channels)
  for pixel in first..<(first + count) {
    let x = run.x + pixel * run.stride
    let y = run.y + pixel * run.stride
    var total = Lanes.zero
    var channel = 0
    while channel < run.stride {
      total += load(x + channel)
      channel += laneCount
    }
    let mean = Lanes(repeating: laneSum(total) * share)
    // Squares of what is left after the mean is gone: a large mean costs no digits.
    var squares = Lanes.zero
    channel = 0
    while channel < run.stride {
      let centred = (load(x + channel) - mean) * load(run.mask + channel)
      squares = multiplyAdd(squares, centred, centred)
      channel += laneCount
    }
    let inverse = 1 / (laneSum(squares) * share + run.epsilon).squareRoot()
    run.statistics[2 * pixel] = mean[0]
    run.statistics[2 * pixel + 1] = inverse
    channel = 0
    while channel < run.stride {
      let normalised = (load(x + channel) - mean) * Lanes(repeating: inverse)
      store(y + channel, multiplyAdd(load(run.bias + channel), load(run.weight + channel), normalised))
      channel += laneCount
    }
  }
}

func layerNormBackward(_ run: LayerNormRun, _ first: Int, _ count: Int) {
  let share = 1 / Float(run.channels)
  for pixel in first..<(first + count) {
    let x = run.x + pixel * run.stride
    let g = run.outputGradient + pixel * run.stride
    let mean = Lanes(repeating: run.statistics[2 * pixel])
    let inverse = Lanes(repeating: run.statistics[2 * pixel + 1])
    var total = Lanes.zero
    var products = Lanes.zero
    var channel = 0
    while channel < run.stride {
      let gradient = load(g + channel)
      let normalised = (load(x + channel) - mean) * inverse
      let (bias, weight) = (run.sums + channel, run.sums + run.stride + channel)
      store(bias, load(bias) + gradient)
      store(weight, multiplyAdd(load(weight), gradient, normalised))
      let scaled = gradient * load(run.weight + channel)
      total += scaled
      products = multiplyAdd(products, scaled, normalised)
      channel += laneCount
    }
    guard let target = run.inputGradient.map({ $0 + pixel * run.stride }) else { continue }
    let meanGradient = Lanes(repeating: laneSum(total) * share)
    let meanProduct = Lanes(repeating: laneSum(products) * share)
    channel = 0
    while channel < run.stride {
      let normalised = (load(x + channel) - mean) * inverse
      let scaled = load(g + channel) * load(run.weight + channel)
      let slope = scaled - meanGradient - normalised * meanProduct
      store(target + channel, slope * inverse * load(run.mask + channel))
      channel += laneCount
    }
  }
}
