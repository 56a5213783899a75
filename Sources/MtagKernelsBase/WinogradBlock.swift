import MtagKernelTypes

// Convolution for inference with what follows it: a 4×4 tile of outputs holds four whole pooling windows, so activation and pool
// cost no pass over memory of their own.

func winogradForwardBlock(_ run: WinogradForward, _ ending: WinogradEnding, _ first: Int, _ count: Int) {
  let limits = ActivationLimits(ending.activation)
  forBlocks(run, first, count) { start, tiles, channel, width, m, block in
    switch (run.shape.kernel, ending.pool) {
    case (5, let pool): finishSmallTiles(run, limits, pool, start, tiles, channel, width, m, block)
    case (_, .none): finishBlock(run, limits, start, tiles, channel, width, m, block)
    case (_, .largest): finishPooledBlock(run, limits, true, start, tiles, channel, width, m, block)
    case (_, .mean): finishPooledBlock(run, limits, false, start, tiles, channel, width, m, block)
    }
    if let function = limits.rest {
      activateBlock(run, function, start, tiles, channel, width)
    }
  }
}

/// A tile's place in the output.
private struct TilePlace {
  /// Rows and columns of the output that the tile covers.
  let rows: Int
  let columns: Int
  /// The first pixel.
  let corner: UnsafeMutablePointer<Float>
  /// Floats from one row to the next.
  let rowStep: Int

  /// - Parameter pool: pixels of the convolution that become one of the output, along each axis.
  @inline(__always) init(_ run: WinogradForward, _ tile: Int, pool: Int) {
    let shape = run.shape
    let (row, column) = (tile / shape.tileColumns, tile % shape.tileColumns)
    let (bands, frames) = (shape.bands / pool, shape.frames / pool)
    let size = shape.tileSize
    let (top, left) = (row % shape.tileRows * size / pool, column * size / pool)
    rows = min(size / pool, bands - top)
    columns = min(size / pool, frames - left)
    rowStep = frames * shape.outputChannels
    corner = run.y + ((row / shape.tileRows * bands + top) * frames + left) * shape.outputChannels
  }
}

/// M `[36, blockTiles, width]` → bias, ReLU or ReLU6 → y.
private func finishBlock(
  _ run: WinogradForward, _ limits: ActivationLimits, _ first: Int, _ tiles: Int, _ firstChannel: Int,
  _ width: Int, _ m: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  let step = run.shape.outputChannels
  let pointStride = pointStride(width)
  for tile in 0..<tiles {
    let place = TilePlace(run, first + tile, pool: 1)
    var lane = 0
    while lane < width {
      let channel = firstChannel + lane
      let bias = run.bias.map { load($0 + channel) } ?? .zero
      let source = UnsafePointer(m + tile * width + lane)
      for j in 0..<6 { put(block, column: j, outputs(gather(source + j * pointStride, 6 * pointStride))) }
      for i in 0..<place.rows {
        let out = place.corner + i * place.rowStep + channel
        let four = outputs(take(block, row: i))
        store(out, limits.apply(four.0 + bias))
        if place.columns > 1 { store(out + step, limits.apply(four.1 + bias)) }
        if place.columns > 2 { store(out + 2 * step, limits.apply(four.2 + bias)) }
        if place.columns > 3 { store(out + 3 * step, limits.apply(four.3 + bias)) }
      }
      lane += laneCount
    }
  }
}

/// The same with a pool of 2×2 pixels.
@inline(__always) private func finishPooledBlock(
  _ run: WinogradForward, _ limits: ActivationLimits, _ takesLargest: Bool, _ first: Int, _ tiles: Int,
  _ firstChannel: Int, _ width: Int, _ m: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  let pointStride = pointStride(width)
  @inline(__always) func pool(_ a: Lanes, _ b: Lanes, _ c: Lanes, _ d: Lanes, _ bias: Lanes) -> Lanes {
    // The limits keep the order, so the largest value is found before they are applied.
    if takesLargest { return limits.apply(larger(larger(a, b), larger(c, d)) + bias) }
    return
      ((limits.apply(a + bias) + limits.apply(b + bias))
      + (limits.apply(c + bias) + limits.apply(d + bias))) * Lanes(repeating: 0.25)
  }
  for tile in 0..<tiles {
    let place = TilePlace(run, first + tile, pool: 2)
    var lane = 0
    while lane < width {
      let channel = firstChannel + lane
      let bias = run.bias.map { load($0 + channel) } ?? .zero
      let source = UnsafePointer(m + tile * width + lane)
      for j in 0..<6 { put(block, column: j, outputs(gather(source + j * pointStride, 6 * pointStride))) }
      var i = 0
      while i < place.rows {
        let out = place.corner + i * place.rowStep + channel
        let upper = outputs(take(block, row: 2 * i))
        let lower = outputs(take(block, row: 2 * i + 1))
        if place.columns > 0 { store(out, pool(upper.0, upper.1, lower.0, lower.1, bias)) }
        if place.columns > 1 {
          store(out + run.shape.outputChannels, pool(upper.2, upper.3, lower.2, lower.3, bias))
        }
        i += 1
      }
      lane += laneCount
    }
  }
}

/// The tiles of 2×2 pixels that 5×5 kernels give: each is one window of a pool.
private func finishSmallTiles(
  _ run: WinogradForward, _ limits: ActivationLimits, _ pool: WinogradEnding.Pool, _ first: Int, _ tiles: Int,
  _ firstChannel: Int, _ width: Int, _ m: UnsafeMutablePointer<Float>, _ block: UnsafeMutablePointer<Float>
) {
  let step = run.shape.outputChannels
  let pointStride = pointStride(width)
  for tile in 0..<tiles {
    let place = TilePlace(run, first + tile, pool: pool == .none ? 1 : 2)
    guard place.rows > 0, place.columns > 0 else { continue }
    var lane = 0
    while lane < width {
      let channel = firstChannel + lane
      let bias = run.bias.map { load($0 + channel) } ?? .zero
      let source = UnsafePointer(m + tile * width + lane)
      for j in 0..<6 {
        let two = twoOutputs(gather(source + j * pointStride, 6 * pointStride))
        store(block + j * laneCount, two.0)
        store(block + (6 + j) * laneCount, two.1)
      }
      let upper = twoOutputs(take(block, row: 0))
      let lower = twoOutputs(take(block, row: 1))
      let out = place.corner + channel
      switch pool {
      case .none:
        store(out, limits.apply(upper.0 + bias))
        if place.columns > 1 { store(out + step, limits.apply(upper.1 + bias)) }
        if place.rows > 1 {
          store(out + place.rowStep, limits.apply(lower.0 + bias))
          if place.columns > 1 { store(out + place.rowStep + step, limits.apply(lower.1 + bias)) }
        }
      case .largest:
        let top = larger(larger(upper.0, upper.1), larger(lower.0, lower.1))
        store(out, limits.apply(top + bias))
      case .mean:
        let sum =
          (limits.apply(upper.0 + bias) + limits.apply(upper.1 + bias))
          + (limits.apply(lower.0 + bias) + limits.apply(lower.1 + bias))
        store(out, sum * Lanes(repeating: 0.25))
      }
      lane += laneCount
    }
  }
}

/// Any other function, on tiles that were just written and are still in the caches.
private func activateBlock(
  _ run: WinogradForward, _ function: ActivationFunction, _ first: Int, _ tiles: Int, _ channel: Int,
  _ width: Int
) {
  let step = run.shape.outputChannels
  for tile in 0..<tiles {
    let place = TilePlace(run, first + tile, pool: 1)
    for i in 0..<place.rows {
      let row = place.corner + i * place.rowStep + channel
      if width == step {
        activate(function, row, row, place.columns * step)
      } else {
        for j in 0..<place.columns { activate(function, row + j * step, row + j * step, width) }
      }
    }
  }
}
