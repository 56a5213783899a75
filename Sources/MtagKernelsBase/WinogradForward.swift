import MtagKernelTypes

// Tiles are worked on in blocks that stay in the second-level cache:
//   x → V [36, block, in] → (for every 64 output channels) M [36, block, 64] = V · filters → y

/// Tiles transformed together; a multiple of the register tile's rows.
@inline(__always) var blockTiles: Int { 48 }
/// Output channels multiplied together.
@inline(__always) var blockChannels: Int { 64 }
/// Floats from one point's matrix to the next: one cache line more than the matrix, since 36 addresses a multiple of 4 KiB apart
/// would all fall into one set of the first-level cache.
@inline(__always) func pointStride(_ channels: Int) -> Int { blockTiles * channels + 16 }

func winogradForward(_ run: WinogradForward, _ first: Int, _ count: Int) {
  forBlocks(run, first, count) { start, tiles, channel, width, m, block in
    transformOutput(run, start, tiles, channel, width, m, block)
  }
  if run.streams { finishStreams() }
}

/// Transforms and multiplies block by block; `finish` gets each product M and takes it to y.
@inline(__always) func forBlocks(
  _ run: WinogradForward, _ first: Int, _ count: Int,
  _ finish: (
    _ start: Int, _ tiles: Int, _ channel: Int, _ width: Int, _ m: UnsafeMutablePointer<Float>,
    _ block: UnsafeMutablePointer<Float>
  ) -> Void
) {
  let shape = run.shape
  let v = run.scratch
  let m = v + 36 * pointStride(shape.inputChannels)
  let block = m + 36 * pointStride(min(shape.outputChannels, blockChannels))
  var start = first
  while start < first + count {
    let tiles = min(blockTiles, first + count - start)
    transformInput(shape, run.x, start, tiles, v, block)
    let rows = (tiles + tileRows - 1) / tileRows * tileRows
    var channel = run.channels.lowerBound
    while channel < run.channels.upperBound {
      let width = min(blockChannels, run.channels.upperBound - channel)
      for point in 0..<36 {
        multiplyPoint(
          rows, shape.inputChannels, v + point * pointStride(shape.inputChannels),
          run.filters + (point * shape.outputChannels + channel) * shape.inputChannels, width,
          m + point * pointStride(width))
      }
      finish(start, tiles, channel, width, m, block)
      channel += width
    }
    start += tiles
  }
}

/// Input channels summed up in one go. More are summed in parts of this size: the rounding error then grows with the parts, not
/// with the channels, and stays below 2e-5 of the output's RMS (see `WinogradKernels`).
@inline(__always) var chunkChannels: Int { 256 }

/// m `[rows, width]` = v `[rows, depth]` · packed filters.
@inline(__always) func multiplyPoint(
  _ rows: Int, _ depth: Int, _ v: UnsafePointer<Float>, _ filters: UnsafePointer<Float>, _ width: Int,
  _ m: UnsafeMutablePointer<Float>
) {
  var column = 0
  while column < width {
    let lanes = width - column >= panelWidth ? 2 : 1
    let panel = filters + column * depth
    var first = 0
    while first < depth {
      let count = min(chunkChannels, depth - first)
      panelProduct(
        rows, count, v + first, depth, 1, panel + first * lanes * laneCount, lanes, m + column, width,
        first > 0)
      first += count
    }
    column += lanes * laneCount
  }
}

/// How far ahead of the tile in work the pixels of the same rows are asked for: the hardware sees no pattern in a walk over six
/// rows at once, and a tile is transformed faster than memory answers.
@inline(__always) var tilesAhead: Int { 6 }

/// Asks for one register of each of a tile's four new pixels in a row.
@inline(__always) func prefetchPixels(_ pixel: UnsafePointer<Float>, _ channels: Int) {
  prefetch(pixel)
  prefetch(pixel + channels)
  prefetch(pixel + 2 * channels)
  prefetch(pixel + 3 * channels)
}

/// The input tiles (6×6 pixels, two of overlap), transformed: V `[36, blockTiles, channels]`.
func transformInput(
  _ shape: WinogradShape, _ x: UnsafePointer<Float>, _ first: Int, _ tiles: Int,
  _ v: UnsafeMutablePointer<Float>,
  _ block: UnsafeMutablePointer<Float>
) {
  let channels = shape.inputChannels
  let rowStride = shape.frames * channels
  let pointStride = pointStride(channels)
  for tile in 0..<tiles {
    let column = (first + tile) % shape.tileColumns
    let row = (first + tile) / shape.tileColumns
    let image = x + row / shape.tileRows * shape.bands * rowStride
    let top = row % shape.tileRows * shape.tileSize - shape.kernel / 2
    let left = column * shape.tileSize - shape.kernel / 2
    let isInside = top >= 0 && left >= 0 && top + 6 <= shape.bands && left + 6 <= shape.frames
    let (firstRow, lastRow) = (max(top, 0), min(top + 6, shape.bands))
    let ahead = image + (left + 2 + tilesAhead * shape.tileSize) * channels
    var channel = 0
    while channel < channels {
      for i in firstRow..<lastRow { prefetchPixels(ahead + i * rowStride + channel, channels) }
      if isInside {
        let corner = image + top * rowStride + left * channels + channel
        for j in 0..<6 { put(block, column: j, inputPoints(gather(corner + j * channels, rowStride))) }
      } else {
        for j in 0..<6 {
          put(block, column: j, inputPoints(borderColumn(shape, image + channel, top, left + j)))
        }
      }
      for i in 0..<6 {
        scatter(
          v + i * 6 * pointStride + tile * channels + channel, pointStride, inputPoints(take(block, row: i)))
      }
      channel += laneCount
    }
  }
}

/// Six pixels down a column that may leave the picture; zeros outside.
@inline(__always) func borderColumn(
  _ shape: WinogradShape, _ image: UnsafePointer<Float>, _ top: Int, _ column: Int
) -> Six {
  @inline(__always) func pixel(_ i: Int) -> Lanes {
    let row = top + i
    guard row >= 0, row < shape.bands, column >= 0, column < shape.frames else { return .zero }
    return load(image + (row * shape.frames + column) * shape.inputChannels)
  }
  return (pixel(0), pixel(1), pixel(2), pixel(3), pixel(4), pixel(5))
}

/// M `[36, blockTiles, width]` → 4×4 pixels of y a tile, with bias; sums and sums of squares on the way.
func transformOutput(
  _ run: WinogradForward, _ first: Int, _ tiles: Int, _ firstChannel: Int, _ width: Int,
  _ m: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  let channels = shape.outputChannels
  let pointStride = pointStride(width)
  var lane = 0
  while lane < width {
    let channel = firstChannel + lane
    let bias = run.bias.map { load($0 + channel) } ?? .zero
    var sum = Lanes.zero
    var squares = Lanes.zero
    for tile in 0..<tiles {
      let column = (first + tile) % shape.tileColumns
      let row = (first + tile) / shape.tileColumns
      let top = row % shape.tileRows * 4
      let rows = min(4, shape.bands - top)
      let columns = min(4, shape.frames - column * 4)
      let source = UnsafePointer(m + tile * width + lane)
      for j in 0..<6 {
        put(block, column: j, outputs(gather(source + j * pointStride, 6 * pointStride)))
      }
      let pixelRow = (row / shape.tileRows * shape.bands + top) * shape.frames + column * 4
      for i in 0..<rows {
        let four = outputs(take(block, row: i))
        let out = run.y + (pixelRow + i * shape.frames) * channels + channel
        @inline(__always) func put(_ j: Int, _ value: Lanes) {
          let pixel = value + bias
          store(out + j * channels, pixel, past: run.streams)
          sum += pixel
          squares = multiplyAdd(squares, pixel, pixel)
        }
        put(0, four.0)
        if columns > 1 { put(1, four.1) }
        if columns > 2 { put(2, four.2) }
        if columns > 3 { put(3, four.3) }
      }
    }
    if let sums = run.sums {
      // A block's sums are short enough for single precision; the blocks are added in double.
      for k in 0..<laneCount {
        sums[channel + k] += Double(sum[k])
        sums[channels + channel + k] += Double(squares[k])
      }
    }
    lane += laneCount
  }
}
