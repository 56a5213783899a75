import MtagKernelTypes

// The filters' gradient, in the transformed domain: for each of the 36 points, sum over tiles of V(x)ᵀ · (A g Aᵀ).
// D, the transformed output gradient, is packed like filters: [36, panels, block, panel width].

func winogradFilterGradient(_ run: WinogradFilterGradient, _ first: Int, _ count: Int) {
  let shape = run.shape
  let v = run.scratch
  let d = v + 36 * pointStride(shape.inputChannels)
  let block = d + 36 * pointStride(shape.outputChannels)
  var start = first
  while start < first + count {
    let tiles = min(blockTiles, first + count - start)
    transformInput(shape, run.x, start, tiles, v, block)
    transformOutputGradient(shape, run.outputGradient, start, tiles, d, block)
    for point in 0..<36 {
      let sum = run.sum + point * shape.inputChannels * shape.outputChannels
      var column = 0
      while column < shape.outputChannels {
        let lanes = shape.outputChannels - column >= panelWidth ? 2 : 1
        panelProduct(
          shape.inputChannels, tiles, v + point * pointStride(shape.inputChannels), 1, shape.inputChannels,
          d + point * pointStride(shape.outputChannels) + column * blockTiles, lanes,
          sum + column * shape.inputChannels,
          lanes * laneCount, run.accumulates || start > first)
        column += lanes * laneCount
      }
    }
    start += tiles
  }
}

/// The output gradient's 4×4 tiles, transformed and packed.
func transformOutputGradient(
  _ shape: WinogradShape, _ gradient: UnsafePointer<Float>, _ first: Int, _ tiles: Int,
  _ d: UnsafeMutablePointer<Float>,
  _ block: UnsafeMutablePointer<Float>
) {
  let channels = shape.outputChannels
  let pointStride = pointStride(channels)
  for tile in 0..<tiles {
    let column = (first + tile) % shape.tileColumns
    let row = (first + tile) / shape.tileColumns
    let top = row % shape.tileRows * 4
    let corner =
      gradient + ((row / shape.tileRows * shape.bands + top) * shape.frames + column * 4) * channels
    let rows = min(4, shape.bands - top)
    let columns = min(4, shape.frames - column * 4)
    var channel = 0
    while channel < channels {
      @inline(__always) func pixel(_ i: Int, _ j: Int) -> Lanes {
        i < rows && j < columns ? load(corner + (i * shape.frames + j) * channels + channel) : .zero
      }
      for i in 0..<rows {
        prefetchPixels(corner + (i * shape.frames + tilesAhead * 4) * channels + channel, channels)
      }
      for j in 0..<4 {
        put(block, column: j, gradientPoints((pixel(0, j), pixel(1, j), pixel(2, j), pixel(3, j))))
      }
      let width = min(panelWidth, channels - channel / panelWidth * panelWidth)
      let out = d + channel / panelWidth * panelWidth * blockTiles + tile * width + channel % panelWidth
      for i in 0..<6 {
        let six = take(block, row: i)
        scatter(out + i * 6 * pointStride, pointStride, gradientPoints((six.0, six.1, six.2, six.3)))
      }
      channel += laneCount
    }
  }
}
