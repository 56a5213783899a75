import MtagKernelTypes

// With one channel or a few, patches are laid out tap by tap: each tap is then a run over the block's pixels.

/// out[tap, channel, pixel], taps `blockPixels` apart, with zeros up to a multiple of four values.
@inline(never) func gatherTaps(
  _ block: PatchBlock, _ chunk: PatchChunk, _ out: UnsafeMutablePointer<Float>,
  _ strips: UnsafeMutablePointer<Float>
) {
  let shape = block.shape
  let frames = shape.frames
  let n = chunk.channels
  let reach = (frames.taps - 1) * frames.tapStep
  var place = block.place
  var pixel = 0
  while pixel < block.pixels {
    let run = min(block.pixels - pixel, frames.targetCount - place.frame)
    // One strip for each phase of the stride: what neighbouring pixels read through one tap then stands side by side.
    let stripLength = run + reach / frames.sourceStep + 1
    let isStripped =
      stripLength * frames.sourceStep <= stripCount && frames.taps > 1
      && frames.sourceStep <= 2 * frames.taps
    let left = place.sourceColumn(shape)
    var tap = chunk.tap
    while tap < chunk.tap + chunk.taps {
      let from = tap % frames.taps
      let to = min(frames.taps, from + chunk.tap + chunk.taps - tap)
      let row = place.sourceRow(shape, tap / frames.taps)
      for channel in 0..<n {
        var values = out + ((tap - chunk.tap) * n + channel) * blockPixels + pixel
        let x = block.source + row * frames.sourceSize * shape.sourceStride + channel
        if row < 0 {
          for _ in from..<to {
            clear(values, run)
            values += n * blockPixels
          }
        } else if isStripped {
          makeStrips(shape, x, left, stripLength, strips)
          for j in from..<to {
            let offset = j * frames.tapStep
            copy(
              values, strips + offset % frames.sourceStep * stripLength + offset / frames.sourceStep, run)
            values += n * blockPixels
          }
        } else {
          for j in from..<to {
            copyStrided(shape, x, left + j * frames.tapStep, run, values)
            values += n * blockPixels
          }
        }
      }
      tap += to - from
    }
    for k in chunk.depth..<((chunk.depth + 3) / 4 * 4) { clear(out + k * blockPixels + pixel, run) }
    pixel += run
    place.advance(shape, by: run)
  }
}

/// Takes a source row apart, from column `left` on: strips[phase, m] is column left + phase + m · step, zero outside the picture.
@inline(__always) private func makeStrips(
  _ shape: PatchShape, _ x: UnsafePointer<Float>, _ left: Int, _ length: Int,
  _ strips: UnsafeMutablePointer<Float>
) {
  for phase in 0..<shape.frames.sourceStep {
    copyStrided(shape, x, left + phase, length, strips + phase * length)
  }
}

/// out[m] is column start + m · step of a source row, zero outside the picture.
@inline(__always) private func copyStrided(
  _ shape: PatchShape, _ x: UnsafePointer<Float>, _ start: Int, _ length: Int,
  _ out: UnsafeMutablePointer<Float>
) {
  let step = shape.frames.sourceStep
  let low = min(length, start >= 0 ? 0 : (step - 1 - start) / step)
  let inside = shape.frames.sourceSize - 1 - start
  let high = max(low, min(length, inside < 0 ? 0 : inside / step + 1))
  clear(out, low)
  if step * shape.sourceStride == 1 {
    copy(out + low, x + start + low, high - low)
  } else {
    for m in low..<high { out[m] = x[(start + m * step) * shape.sourceStride] }
  }
  clear(out + high, length - high)
}

@inline(__always) func copy(_ out: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int) {
  var i = 0
  while i + laneCount <= count {
    store(out + i, load(x + i))
    i += laneCount
  }
  while i < count {
    out[i] = x[i]
    i += 1
  }
}

@inline(__always) func clear(_ out: UnsafeMutablePointer<Float>, _ count: Int) {
  var i = 0
  while i + laneCount <= count {
    store(out + i, .zero)
    i += laneCount
  }
  while i < count {
    out[i] = 0
    i += 1
  }
}
