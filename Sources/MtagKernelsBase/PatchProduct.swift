import MtagKernelTypes

// Blocks of target pixels, for each group of channels:
//   source → patches [block, part of the depth] → M [block, outputs] += patches · filters → target

/// Outputs multiplied together.
@inline(__always) var blockOutputs: Int { 256 }

func patchForward(_ run: PatchProduct, _ first: Int, _ count: Int) {
  let shape = run.shape
  let m = run.scratch
  let scratch = m + blockPixels * min(shape.paddedOutputs, blockOutputs)
  let limits = ActivationLimits(run.activation)
  var start = first
  while start < first + count {
    let block = PatchBlock(shape, run.source, start, first + count)
    for group in 0..<shape.groups {
      let filters = run.filters + group * shape.groupFilterCount
      var column = run.outputs.lowerBound
      while column < run.outputs.upperBound {
        let width = min(blockOutputs, run.outputs.upperBound - column)
        multiplyPatches(
          PatchBlock(block, group: group), filters + column * shape.paddedDepth, width, m, scratch)
        finishPixels(run, limits, block, group, column, width, m)
        column += width
      }
    }
    if let function = limits.rest { activatePixels(run, function, block) }
    start += block.pixels
  }
}

/// m `[pixels, width]` = patches · panels.
@inline(__always) private func multiplyPatches(
  _ block: PatchBlock, _ panels: UnsafePointer<Float>, _ width: Int, _ m: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  var block = block
  let shape = block.shape
  // A tile's last rows may be no pixels; they must not be read beyond the source.
  let rows = (block.pixels + tileRows / 3 - 1) / (tileRows / 3) * (tileRows / 3)
  var chunk = PatchChunk(shape)
  var isFirst = true
  repeat {
    if block.isOutside(chunk) { continue }
    let a = block.matrix(chunk, canStand: rows == block.pixels, needsZeros: false, scratch)
    let k = chunk.start(shape)
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
  if isFirst { clear(m, block.pixels * width) }
}

/// Any function but a bound, on pixels that were just written.
private func activatePixels(_ run: PatchProduct, _ function: ActivationFunction, _ block: PatchBlock) {
  let shape = run.shape
  let first = run.target + block.place.target(shape) * shape.targetStride
  let isWhole = run.outputs.lowerBound == 0 && run.outputs.upperBound == shape.paddedOutputs
  if isWhole, function.keepsZero {
    activate(function, first, first, block.pixels * shape.targetStride)
    return
  }
  // Of several groups all outputs are computed, of one perhaps some.
  let end = isWhole ? shape.groups * shape.outputs : min(run.outputs.upperBound, shape.outputs)
  for pixel in 0..<block.pixels {
    let out = first + pixel * shape.targetStride + run.outputs.lowerBound
    activate(function, out, out, end - run.outputs.lowerBound)
  }
}

/// M → bias, ReLU or ReLU6 → target.
@inline(__always) private func finishPixels(
  _ run: PatchProduct, _ limits: ActivationLimits, _ block: PatchBlock, _ group: Int, _ column: Int,
  _ width: Int, _ m: UnsafePointer<Float>
) {
  let shape = run.shape
  let channel = group * shape.outputs + column
  // A single group's padding is in the product as zeros; several groups stand side by side without any.
  let room = shape.groups == 1 ? shape.targetStride : (group + 1) * shape.outputs
  let count = min(width, room - channel)
  let isLast = group == shape.groups - 1 && column + width == shape.paddedOutputs
  var place = block.place
  // A convolution's own target is written pixel after pixel, only a gradient's with gaps.
  let isDense = shape.bands.isDense && shape.frames.isDense
  var target = run.target + place.target(shape) * shape.targetStride
  for pixel in 0..<block.pixels {
    if !isDense { target = run.target + place.target(shape) * shape.targetStride }
    let out = target + channel
    let values = m + pixel * width
    var i = 0
    while i + laneCount <= count {
      var value = load(values + i)
      if let bias = run.bias { value += load(bias + channel + i) }
      store(out + i, limits.apply(value))
      i += laneCount
    }
    while i < count {
      let value = values[i] + (run.bias?[channel + i] ?? 0)
      out[i] = limits.apply(Lanes(repeating: value))[0]
      i += 1
    }
    if isLast, channel + count < shape.targetStride {
      clear(out + count, shape.targetStride - channel - count)
    }
    if isDense { target += shape.targetStride } else { place.advance(shape, by: 1) }
  }
}

func patchFilterGradient(_ run: PatchGradient, _ first: Int, _ count: Int) {
  let shape = run.shape
  let gradient = run.scratch
  let scratch = gradient + blockPixels * shape.paddedOutputs
  clear(run.sum, shape.filterCount)
  var start = first
  while start < first + count {
    let block = PatchBlock(shape, run.source, start, first + count)
    for group in 0..<shape.groups {
      packGradient(run, block, group, gradient)
      addPatchGradient(
        PatchBlock(block, group: group), gradient, run.sum + group * shape.groupFilterCount, scratch)
    }
    start += block.pixels
  }
}

/// sum += patchesᵀ · gradient.
@inline(__always) private func addPatchGradient(
  _ block: PatchBlock, _ gradient: UnsafePointer<Float>, _ sum: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  var block = block
  let shape = block.shape
  var chunk = PatchChunk(shape)
  repeat {
    if block.isOutside(chunk) { continue }
    let k = chunk.start(shape)
    // Whole tiles may reach beyond the part: past the last one into padding, else into sums that must not change.
    let isWhole = chunk.depth % 4 == 0
    let a = block.matrix(
      chunk, canStand: isWhole, needsZeros: !isWhole && k + chunk.depth < shape.depth, scratch)
    var column = 0
    while column < shape.paddedOutputs {
      let lanes = shape.paddedOutputs - column >= panelWidth ? 2 : 1
      let width = lanes * laneCount
      panelProduct(
        (chunk.depth + 3) / 4 * 4, block.pixels, a.start, a.depthStride, a.rowStride,
        gradient + column * blockPixels, lanes, sum + column * shape.paddedDepth + k * width, width, true)
      column += width
    }
  } while chunk.advance(shape)
}

/// The target's gradient, packed like filters: panels `[pixels, width]`, `blockPixels * width` floats apart.
@inline(__always) private func packGradient(
  _ run: PatchGradient, _ block: PatchBlock, _ group: Int, _ out: UnsafeMutablePointer<Float>
) {
  let shape = run.shape
  let channel = group * shape.outputs
  let count = min(shape.paddedOutputs, shape.targetStride - channel)
  var place = block.place
  for pixel in 0..<block.pixels {
    let values = run.targetGradient + place.target(shape) * shape.targetStride + channel
    var column = 0
    while column < shape.paddedOutputs {
      let width = shape.paddedOutputs - column >= panelWidth ? panelWidth : laneCount
      let panel = out + column * blockPixels + pixel * width
      if width == panelWidth, column + width <= count {
        store(panel, load(values + column))
        store(panel + laneCount, load(values + column + laneCount))
      } else {
        let there = min(width, max(0, count - column))
        copy(panel, values + column, there)
        clear(panel + there, width - there)
      }
      column += width
    }
    place.advance(shape, by: 1)
  }
}
