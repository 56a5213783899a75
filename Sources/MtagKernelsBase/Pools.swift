import MtagKernelTypes

// Pools, a chunk of a pixel's channels at a time; see `PoolKernels`.

func poolForward(_ run: PoolRun, _ first: Int, _ count: Int) {
  if run.takesLargest {
    forUnits(run, first, count, largestUnit)
  } else {
    forUnits(run, first, count, sumUnit)
  }
}

/// A chunk of a target pixel and the part of the source it reads.
struct PoolUnit {
  let rows: PoolWindow
  let columns: PoolWindow
  /// The clip's source, at the chunk.
  let source: UnsafePointer<Float>
  /// Floats from one source row to the next.
  let rowStep: Int
  /// Floats from one pixel to the next.
  let channels: Int

  /// The first pixel of a row of the window.
  @inline(__always) func row(_ band: Int32) -> UnsafePointer<Float> {
    source + Int(band) * rowStep + Int(columns.start) * channels
  }
}

@inline(__always) private func forUnits(
  _ run: PoolRun, _ first: Int, _ count: Int,
  _ body: (_ unit: PoolUnit, _ out: UnsafeMutablePointer<Float>, _ width: Int) -> Void
) {
  let chunks = run.chunks
  let rowStep = run.frames.size * run.channels
  var chunk = first % chunks
  let pixel = first / chunks
  var frame = pixel % run.frames.count
  var band = pixel / run.frames.count % run.bands.count
  var source = run.source + pixel / run.frames.count / run.bands.count * run.bands.size * rowStep
  var out = run.target + pixel * run.channels
  for _ in 0..<count {
    let channel = chunk * PoolKernels.chunkFloats
    let unit = PoolUnit(
      rows: run.bands.windows[band], columns: run.frames.windows[frame], source: source + channel,
      rowStep: rowStep, channels: run.channels)
    body(unit, out + channel, min(PoolKernels.chunkFloats, run.channels - channel))
    chunk += 1
    guard chunk == chunks else { continue }
    chunk = 0
    out += run.channels
    frame += 1
    guard frame == run.frames.count else { continue }
    frame = 0
    band += 1
    guard band == run.bands.count else { continue }
    band = 0
    source += run.bands.size * rowStep
  }
}

@inline(__always) private func largestUnit(
  _ unit: PoolUnit, _ out: UnsafeMutablePointer<Float>, _ width: Int
) {
  let lowest = Lanes(repeating: -.infinity)
  var c = 0
  while c + 4 * laneCount <= width {
    var (t0, t1, t2, t3) = (lowest, lowest, lowest, lowest)
    for band in unit.rows.start..<unit.rows.end {
      var x = unit.row(band) + c
      for _ in unit.columns.start..<unit.columns.end {
        t0 = larger(t0, load(x))
        t1 = larger(t1, load(x + laneCount))
        t2 = larger(t2, load(x + 2 * laneCount))
        t3 = larger(t3, load(x + 3 * laneCount))
        x += unit.channels
      }
    }
    store(out + c, t0)
    store(out + c + laneCount, t1)
    store(out + c + 2 * laneCount, t2)
    store(out + c + 3 * laneCount, t3)
    c += 4 * laneCount
  }
  while c < width {
    store(out + c, largest(unit, c))
    c += laneCount
  }
}

/// The largest value of a window.
@inline(__always) func largest(_ unit: PoolUnit, _ c: Int) -> Lanes {
  var top = Lanes(repeating: -.infinity)
  for band in unit.rows.start..<unit.rows.end {
    var x = unit.row(band) + c
    for _ in unit.columns.start..<unit.columns.end {
      top = larger(top, load(x))
      x += unit.channels
    }
  }
  return top
}

@inline(__always) private func sumUnit(
  _ unit: PoolUnit, _ out: UnsafeMutablePointer<Float>, _ width: Int
) {
  let weight = Lanes(repeating: unit.rows.weight * unit.columns.weight)
  var c = 0
  while c + 4 * laneCount <= width {
    var (t0, t1, t2, t3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for band in unit.rows.start..<unit.rows.end {
      var x = unit.row(band) + c
      // Row by row: short sums keep their digits.
      var (r0, r1, r2, r3) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      for _ in unit.columns.start..<unit.columns.end {
        r0 += load(x)
        r1 += load(x + laneCount)
        r2 += load(x + 2 * laneCount)
        r3 += load(x + 3 * laneCount)
        x += unit.channels
      }
      t0 += r0
      t1 += r1
      t2 += r2
      t3 += r3
    }
    store(out + c, t0 * weight)
    store(out + c + laneCount, t1 * weight)
    store(out + c + 2 * laneCount, t2 * weight)
    store(out + c + 3 * laneCount, t3 * weight)
    c += 4 * laneCount
  }
  while c < width {
    var total = Lanes.zero
    for band in unit.rows.start..<unit.rows.end {
      var x = unit.row(band) + c
      var row = Lanes.zero
      for _ in unit.columns.start..<unit.columns.end {
        row += load(x)
        x += unit.channels
      }
      total += row
    }
    store(out + c, total * weight)
    c += laneCount
  }
}
