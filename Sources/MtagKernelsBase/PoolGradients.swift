import MtagKernelTypes

// The gradients of pools: each target pixel gives its gradient to the pixels of its window.

func poolBackward(_ run: PoolRun, _ gradient: PoolGradient, _ first: Int, _ count: Int) {
  let chunks = run.chunks
  let imageFloats = run.bands.size * run.frames.size * run.channels
  for slab in first..<(first + count) {
    let (image, channel) = (slab / chunks, slab % chunks * PoolKernels.chunkFloats)
    let width = min(PoolKernels.chunkFloats, run.channels - channel)
    let dx = gradient.source + image * imageFloats + channel
    if !gradient.isPartition {
      for pixel in 0..<(run.bands.size * run.frames.size) { clear(dx + pixel * run.channels, width) }
    }
    var dy = gradient.target + image * run.bands.count * run.frames.count * run.channels + channel
    for band in 0..<run.bands.count {
      for frame in 0..<run.frames.count {
        let unit = PoolUnit(
          rows: run.bands.windows[band], columns: run.frames.windows[frame],
          source: run.source + image * imageFloats + channel, rowStep: run.frames.size * run.channels,
          channels: run.channels)
        var c = 0
        while c < width {
          if run.takesLargest {
            passToLargest(unit, dx + c, c, load(dy + c), gradient.isPartition)
          } else {
            let share = load(dy + c) * Lanes(repeating: unit.rows.weight * unit.columns.weight)
            passToAll(unit, dx + c, share, gradient.isPartition)
          }
          c += laneCount
        }
        dy += run.channels
      }
    }
  }
}

/// The gradient goes to the first of the largest values.
@inline(__always) private func passToLargest(
  _ unit: PoolUnit, _ dx: UnsafeMutablePointer<Float>, _ c: Int, _ gradient: Lanes, _ isPartition: Bool
) {
  let top = largest(unit, c)
  var left = gradient
  for band in unit.rows.start..<unit.rows.end {
    var x = unit.row(band) + c
    var out = dx + Int(band) * unit.rowStep + Int(unit.columns.start) * unit.channels
    for _ in unit.columns.start..<unit.columns.end {
      let isLargest = load(x) .== top
      let part = Lanes.zero.replacing(with: left, where: isLargest)
      store(out, isPartition ? part : load(out) + part)
      left.replace(with: Lanes.zero, where: isLargest)
      x += unit.channels
      out += unit.channels
    }
  }
}

@inline(__always) private func passToAll(
  _ unit: PoolUnit, _ dx: UnsafeMutablePointer<Float>, _ share: Lanes, _ isPartition: Bool
) {
  for band in unit.rows.start..<unit.rows.end {
    var out = dx + Int(band) * unit.rowStep + Int(unit.columns.start) * unit.channels
    for _ in unit.columns.start..<unit.columns.end {
      store(out, isPartition ? share : load(out) + share)
      out += unit.channels
    }
  }
}
