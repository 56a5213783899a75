import MtagKernelTypes

// Blocks of tiles of four frames:
//   x → V [6, block, in] → (for every 64 output channels) M [6, block, 64] = V · filters → y

/// Tiles transformed together; a multiple of the register tile's rows.
@inline(__always) var rowBlockTiles: Int { 96 }
/// Floats from one point's matrix to the next.
@inline(__always) private func rowPointStride(_ channels: Int) -> Int { rowBlockTiles * channels + 16 }

func rowWinogradForward(_ run: RowWinogradRun, _ first: Int, _ count: Int) {
  let limits = ActivationLimits(run.activation)
  let v = run.scratch
  let m = v + 6 * rowPointStride(run.inputChannels)
  var start = first
  while start < first + count {
    let tiles = min(rowBlockTiles, first + count - start)
    let rows = (tiles + tileRows - 1) / tileRows * tileRows
    transformRowInput(run, start, tiles, v)
    var channel = run.channels.lowerBound
    while channel < run.channels.upperBound {
      let width = min(blockChannels, run.channels.upperBound - channel)
      for point in 0..<6 {
        multiplyPoint(
          rows, run.inputChannels, v + point * rowPointStride(run.inputChannels),
          run.filters + (point * run.outputChannels + channel) * run.inputChannels, width,
          m + point * rowPointStride(width))
      }
      finishRows(run, limits, start, tiles, channel, width, m)
      channel += width
    }
    start += tiles
  }
}

/// The input tiles (six frames, two of overlap), transformed: V `[6, block, channels]`.
private func transformRowInput(
  _ run: RowWinogradRun, _ first: Int, _ tiles: Int, _ v: UnsafeMutablePointer<Float>
) {
  let channels = run.inputChannels
  let pointStride = rowPointStride(channels)
  for tile in 0..<tiles {
    let (row, column) = ((first + tile) / run.tileColumns, (first + tile) % run.tileColumns)
    let left = column * 4 - 1
    let x = run.x + (row * run.frames + left) * channels
    let low = max(0, -left)
    let high = min(6, run.frames - left)
    var channel = 0
    while channel < channels {
      @inline(__always) func frame(_ j: Int) -> Lanes {
        j >= low && j < high ? load(x + j * channels + channel) : .zero
      }
      let six = (frame(0), frame(1), frame(2), frame(3), frame(4), frame(5))
      scatter(v + tile * channels + channel, pointStride, inputPoints(six))
      channel += laneCount
    }
  }
}

/// M `[6, block, width]` → bias, activation → y.
private func finishRows(
  _ run: RowWinogradRun, _ limits: ActivationLimits, _ first: Int, _ tiles: Int, _ firstChannel: Int,
  _ width: Int, _ m: UnsafePointer<Float>
) {
  let step = run.outputChannels
  let pointStride = rowPointStride(width)
  for tile in 0..<tiles {
    let (row, column) = ((first + tile) / run.tileColumns, (first + tile) % run.tileColumns)
    let columns = min(4, run.frames - column * 4)
    let out = run.y + (row * run.frames + column * 4) * step + firstChannel
    var lane = 0
    while lane < width {
      let bias = run.bias.map { load($0 + firstChannel + lane) } ?? .zero
      let four = outputs(gather(m + tile * width + lane, pointStride))
      let y = out + lane
      store(y, limits.apply(four.0 + bias))
      if columns > 1 { store(y + step, limits.apply(four.1 + bias)) }
      if columns > 2 { store(y + 2 * step, limits.apply(four.2 + bias)) }
      if columns > 3 { store(y + 3 * step, limits.apply(four.3 + bias)) }
      lane += laneCount
    }
    if let function = limits.rest {
      for j in 0..<columns { activate(function, out + j * step, out + j * step, width) }
    }
  }
}
