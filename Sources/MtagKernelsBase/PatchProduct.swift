import MtagKernelTypes

// Blocks of target pixels, for each group of channels:
//   source → patches [block, part of the depth] → M [block, outputs] += patches · filters → target

/// Outputs multiplied together.
@inline(__always) var blockOutputs: Int { 256 }

@inline(__always) private func patchCount(_ shape: PatchShape) -> Int {
  blockPixels * (min(shape.paddedDepth, blockDepth + 4) + 16)
}

func patchForward(_ run: PatchProduct, _ first: Int, _ count: Int) {
  let shape = run.shape
  let m = run.scratch + patchCount(shape)
  var start = first
  while start < first + count {
    let pixels = min(blockPixels, first + count - start)
    for group in 0..<shape.groups {
      let filters = run.filters + group * shape.groupFilterCount
      var column = 0
      while column < shape.paddedOutputs {
        let width = min(blockOutputs, shape.paddedOutputs - column)
        multiplyPatches(
          shape, run.source + group * shape.channels, start, pixels, filters + column * shape.paddedDepth,
          width, m, run.scratch)
        finishPixels(run, start, pixels, group, column, width, m)
        column += width
      }
    }
    start += pixels
  }
}

/// m `[pixels, width]` = patches · panels.
@inline(__always) private func multiplyPatches(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ pixels: Int,
  _ panels: UnsafePointer<Float>, _ width: Int, _ m: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  // A tile's last rows may be no pixels; they must not be read beyond the source.
  let isWhole = pixels % (tileRows / 3) == 0
  let rows = (pixels + tileRows / 3 - 1) / (tileRows / 3) * (tileRows / 3)
  var chunk = PatchChunk(shape)
  var isFirst = true
  repeat {
    let standing = isWhole ? standingPatches(shape, source, first, pixels, chunk) : nil
    let a = standing ?? gatherPatches(shape, source, first, pixels, chunk, scratch)
    let k = chunk.tap * shape.channels + chunk.channel
    var column = 0
    while column < width {
      let lanes = width - column >= panelWidth ? 2 : 1
      panelProduct(
        rows, chunk.depth, a.start, a.rowStride, a.depthStride,
        panels + column * shape.paddedDepth + k * lanes * laneCount, lanes, m + column, width, !isFirst)
      column += lanes * laneCount
    }
    isFirst = false
  } while chunk.advance(shape)
}

/// M → bias, ReLU → target.
@inline(__always) private func finishPixels(
  _ run: PatchProduct, _ first: Int, _ pixels: Int, _ group: Int, _ column: Int, _ width: Int,
  _ m: UnsafePointer<Float>
) {
  let shape = run.shape
  let channel = group * shape.outputs + column
  // A single group's padding is in the product as zeros; several groups stand side by side without any.
  let room = shape.groups == 1 ? shape.targetStride : (group + 1) * shape.outputs
  let count = min(width, room - channel)
  let isLast = group == shape.groups - 1 && column + width == shape.paddedOutputs
  let floor = run.hasReLU ? Lanes.zero : Lanes(repeating: -.infinity)
  var place = PatchPlace(shape, first)
  for pixel in 0..<pixels {
    let target = run.target + place.target(shape) * shape.targetStride
    let out = target + channel
    let values = m + pixel * width
    var i = 0
    while i + laneCount <= count {
      var value = load(values + i)
      if let bias = run.bias { value += load(bias + channel + i) }
      store(out + i, larger(value, floor))
      i += laneCount
    }
    while i < count {
      let value = values[i] + (run.bias?[channel + i] ?? 0)
      out[i] = run.hasReLU && value < 0 ? 0 : value
      i += 1
    }
    if isLast { clear(out + count, shape.targetStride - channel - count) }
    place.advance(shape, by: 1)
  }
}

func patchFilterGradient(_ run: PatchGradient, _ first: Int, _ count: Int) {
  let shape = run.shape
  let gradient = run.scratch + patchCount(shape)
  var start = first
  while start < first + count {
    let pixels = min(blockPixels, first + count - start)
    for group in 0..<shape.groups {
      packGradient(run, start, pixels, group, gradient)
      addPatchGradient(
        shape, run.source + group * shape.channels, start, pixels, gradient,
        run.sum + group * shape.groupFilterCount, run.scratch, start > first)
    }
    start += pixels
  }
}

/// sum (+)= patchesᵀ · gradient.
@inline(__always) private func addPatchGradient(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ pixels: Int,
  _ gradient: UnsafePointer<Float>, _ sum: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>,
  _ accumulates: Bool
) {
  var chunk = PatchChunk(shape)
  repeat {
    let standing = chunk.depth % 4 == 0 ? standingPatches(shape, source, first, pixels, chunk) : nil
    let a = standing ?? gatherPatches(shape, source, first, pixels, chunk, scratch)
    let k = chunk.tap * shape.channels + chunk.channel
    var column = 0
    while column < shape.paddedOutputs {
      let lanes = shape.paddedOutputs - column >= panelWidth ? 2 : 1
      let width = lanes * laneCount
      panelProduct(
        (chunk.depth + 3) / 4 * 4, pixels, a.start, a.depthStride, a.rowStride,
        gradient + column * blockPixels,
        lanes, sum + column * shape.paddedDepth + k * width, width, accumulates)
      column += width
    }
  } while chunk.advance(shape)
}

/// The target's gradient, packed like filters: panels `[pixels, width]`, `blockPixels * width` floats apart.
@inline(__always) private func packGradient(
  _ run: PatchGradient, _ first: Int, _ pixels: Int, _ group: Int, _ out: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  let channel = group * shape.outputs
  let count = min(shape.paddedOutputs, shape.targetStride - channel)
  var place = PatchPlace(shape, first)
  for pixel in 0..<pixels {
    let values = run.targetGradient + place.target(shape) * shape.targetStride + channel
    var column = 0
    while column < shape.paddedOutputs {
      let width = shape.paddedOutputs - column >= panelWidth ? panelWidth : laneCount
      let panel = out + column * blockPixels + pixel * width
      let there = min(width, max(0, count - column))
      copy(panel, values + column, there)
      clear(panel + there, width - there)
      column += width
    }
    place.advance(shape, by: 1)
  }
}
