import MtagKernelTypes

// Convolution for inference with what follows it: a 4×4 tile of outputs holds four whole pooling windows, so ReLU and pool cost
// no pass over memory of their own.

func winogradForwardBlock(_ run: WinogradForward, _ ending: WinogradEnding, _ first: Int, _ count: Int) {
  forBlocks(run, first, count) { start, tiles, channel, width, m, block in
    finishBlock(run, ending, start, tiles, channel, width, m, block)
  }
}

/// M `[36, blockTiles, width]` → bias, ReLU, pool → y.
private func finishBlock(
  _ run: WinogradForward, _ ending: WinogradEnding, _ first: Int, _ tiles: Int, _ firstChannel: Int,
  _ width: Int,
  _ m: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  let pool = ending.hasPool ? 2 : 1
  let bands = shape.bands / pool
  let frames = shape.frames / pool
  let floor = ending.hasReLU ? Lanes.zero : Lanes(repeating: -.infinity)
  let pointStride = pointStride(width)
  for tile in 0..<tiles {
    let column = (first + tile) % shape.tileColumns
    let row = (first + tile) / shape.tileColumns
    let top = row % shape.tileRows * 4 / pool
    let left = column * 4 / pool
    let rows = min(4 / pool, bands - top)
    let columns = min(4 / pool, frames - left)
    let corner = run.y + ((row / shape.tileRows * bands + top) * frames + left) * shape.outputChannels
    var lane = 0
    while lane < width {
      let channel = firstChannel + lane
      let bias = run.bias.map { load($0 + channel) } ?? .zero
      let source = UnsafePointer(m + tile * width + lane)
      for j in 0..<6 { put(block, column: j, outputs(gather(source + j * pointStride, 6 * pointStride))) }
      var i = 0
      while i < rows {
        let out = corner + i * frames * shape.outputChannels + channel
        if ending.hasPool {
          let upper = outputs(take(block, row: 2 * i))
          let lower = outputs(take(block, row: 2 * i + 1))
          let a = larger(larger(upper.0, upper.1), larger(lower.0, lower.1))
          let b = larger(larger(upper.2, upper.3), larger(lower.2, lower.3))
          if columns > 0 { store(out, larger(a + bias, floor)) }
          if columns > 1 { store(out + shape.outputChannels, larger(b + bias, floor)) }
        } else {
          let four = outputs(take(block, row: i))
          store(out, larger(four.0 + bias, floor))
          if columns > 1 { store(out + shape.outputChannels, larger(four.1 + bias, floor)) }
          if columns > 2 { store(out + 2 * shape.outputChannels, larger(four.2 + bias, floor)) }
          if columns > 3 { store(out + 3 * shape.outputChannels, larger(four.3 + bias, floor)) }
        }
        i += 1
      }
      lane += laneCount
    }
  }
}
