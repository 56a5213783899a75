import MtagKernelTypes

// h' = (1 − z) n + z h with r = σ(·), z = σ(·) and n = tanh(input's share + r · state's share), as PyTorch's nn.GRU.

func gruForward(_ run: RecurrentRun, _ first: Int, _ count: Int) {
  let width = run.width
  let shares = run.scratch
  for step in 0..<run.frames {
    let frame = run.isReversed ? run.frames - 1 - step : step
    let row = frame * run.batch + first
    let former = (run.isReversed ? frame + 1 : frame - 1) * run.batch + first
    // The first state is zero.
    rowsProduct(
      shares, 3 * width, run.bias, 0, run.states + (step == 0 ? row : former) * run.stateStride,
      run.stateStride,
      run.weights, step == 0 ? 0 : run.hidden, 3 * width, count)
    for i in 0..<count {
      let gates = run.gates + (row + i) * 4 * width
      let state = run.states + (row + i) * run.stateStride
      let before = run.states + (former + i) * run.stateStride
      let share = shares + i * 3 * width
      var lane = 0
      while lane < width {
        let r = gateSigmoid(load(gates + width + lane) + load(share + lane))
        let z = gateSigmoid(load(gates + 2 * width + lane) + load(share + width + lane))
        let stateShare = load(share + 2 * width + lane)
        let n = gateTangent(multiplyAdd(load(gates + lane), r, stateShare))
        let h = step == 0 ? Lanes.zero : load(before + lane)
        store(gates + lane, n)
        store(gates + width + lane, r)
        store(gates + 2 * width + lane, z)
        store(gates + 3 * width + lane, stateShare)
        store(state + lane, multiplyAdd(n, z, h - n))
        lane += laneCount
      }
    }
  }
}

func gruBackward(_ run: RecurrentRun, _ first: Int, _ count: Int) {
  let width = run.width
  let one = Lanes(repeating: 1)
  // The gradient that comes from the next frame's state.
  let carry = run.scratch
  carry.update(repeating: 0, count: count * width)
  for step in 0..<run.frames {
    let frame = run.isReversed ? step : run.frames - 1 - step
    let isFirst = step == run.frames - 1
    let row = frame * run.batch + first
    let former = (run.isReversed ? frame + 1 : frame - 1) * run.batch + first
    for i in 0..<count {
      let gates = run.gates + (row + i) * 4 * width
      let before = run.states + (former + i) * run.stateStride
      let outer = run.stateGradients + (row + i) * run.stateStride
      var lane = 0
      while lane < width {
        let n = load(gates + lane)
        let r = load(gates + width + lane)
        let z = load(gates + 2 * width + lane)
        let stateShare = load(gates + 3 * width + lane)
        let h = isFirst ? Lanes.zero : load(before + lane)
        let dh = load(outer + lane) + load(carry + i * width + lane)
        let dn = dh * (one - z) * (one - n * n)
        store(gates + lane, dn)
        store(gates + width + lane, dn * stateShare * r * (one - r))
        store(gates + 2 * width + lane, dh * (h - n) * z * (one - z))
        store(gates + 3 * width + lane, dn * r)
        store(carry + i * width + lane, dh * z)
        lane += laneCount
      }
    }
    if isFirst { break }
    rowsProduct(
      carry, width, carry, width, run.gates + row * 4 * width + width, 4 * width, run.turnedWeights,
      3 * width,
      width, count)
  }
}
