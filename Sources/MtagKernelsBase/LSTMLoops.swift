import MtagKernelTypes

// c' = f c + i g, h' = o tanh(c') with i, f, o = σ(·) and g = tanh(·), as PyTorch's nn.LSTM.

func lstmForward(_ run: RecurrentRun, _ first: Int, _ count: Int) {
  let width = run.width
  for step in 0..<run.frames {
    let frame = run.isReversed ? run.frames - 1 - step : step
    let row = frame * run.batch + first
    let former = (run.isReversed ? frame + 1 : frame - 1) * run.batch + first
    if step > 0 {
      let gates = run.gates + row * 4 * width
      rowsProduct(
        gates, 4 * width, gates, 4 * width, run.states + former * run.stateStride, run.stateStride,
        run.weights,
        run.hidden, 4 * width, count)
    }
    for item in 0..<count {
      let gates = run.gates + (row + item) * 4 * width
      let state = run.states + (row + item) * run.stateStride
      let cell = run.cells + (row + item) * width
      let before = run.cells + (former + item) * width
      var lane = 0
      while lane < width {
        let i = gateSigmoid(load(gates + lane))
        let f = gateSigmoid(load(gates + width + lane))
        let g = gateTangent(load(gates + 2 * width + lane))
        let o = gateSigmoid(load(gates + 3 * width + lane))
        let c = multiplyAdd(i * g, f, step == 0 ? Lanes.zero : load(before + lane))
        store(gates + lane, i)
        store(gates + width + lane, f)
        store(gates + 2 * width + lane, g)
        store(gates + 3 * width + lane, o)
        store(cell + lane, c)
        store(state + lane, o * gateTangent(c))
        lane += laneCount
      }
    }
  }
}

func lstmBackward(_ run: RecurrentRun, _ first: Int, _ count: Int) {
  let width = run.width
  let one = Lanes(repeating: 1)
  // The gradients that come from the next frame's state and cell.
  let carry = run.scratch
  let cellCarry = run.scratch + count * width
  carry.update(repeating: 0, count: 2 * count * width)
  for step in 0..<run.frames {
    let frame = run.isReversed ? step : run.frames - 1 - step
    let isFirst = step == run.frames - 1
    let row = frame * run.batch + first
    let former = (run.isReversed ? frame + 1 : frame - 1) * run.batch + first
    for item in 0..<count {
      let gates = run.gates + (row + item) * 4 * width
      let cell = run.cells + (row + item) * width
      let before = run.cells + (former + item) * width
      let outer = run.stateGradients + (row + item) * run.stateStride
      var lane = 0
      while lane < width {
        let i = load(gates + lane)
        let f = load(gates + width + lane)
        let g = load(gates + 2 * width + lane)
        let o = load(gates + 3 * width + lane)
        let c = isFirst ? Lanes.zero : load(before + lane)
        let top = gateTangent(load(cell + lane))
        let dh = load(outer + lane) + load(carry + item * width + lane)
        let dc = multiplyAdd(load(cellCarry + item * width + lane), dh * o, one - top * top)
        store(gates + lane, dc * g * i * (one - i))
        store(gates + width + lane, dc * c * f * (one - f))
        store(gates + 2 * width + lane, dc * i * (one - g * g))
        store(gates + 3 * width + lane, dh * top * o * (one - o))
        store(cellCarry + item * width + lane, dc * f)
        store(carry + item * width + lane, Lanes.zero)
        lane += laneCount
      }
    }
    if isFirst { break }
    rowsProduct(
      carry, width, carry, width, run.gates + row * 4 * width, 4 * width, run.turnedWeights, 4 * width, width,
      count)
  }
}
