import MtagKernelTypes

// Patches of a block of target pixels, laid out as a matrix that a register tile reads: pixel by pixel, or tap by tap where the
// source has few channels.

/// Target pixels multiplied together; a multiple of the register tile's rows.
@inline(__always) var blockPixels: Int { 96 }
/// Values of a patch multiplied together, so that a panel of filters and the rows of a tile stay in the first-level cache.
@inline(__always) var blockDepth: Int { 320 }

/// A matrix that stands in memory: element (pixel, k) at `start[pixel * rowStride + k * depthStride]`.
struct PatchMatrix {
  var start: UnsafePointer<Float>
  var rowStride: Int
  var depthStride: Int
}

/// Part of a patch: whole taps, or some channels of one tap.
struct PatchChunk {
  var tap: Int
  var taps: Int
  var channel: Int
  var channels: Int
  var depth: Int { taps * channels }

  /// The first part of every patch of a shape.
  @inline(__always) init(_ shape: PatchShape) {
    (tap, channel) = (0, 0)
    channels = min(shape.channels, blockDepth)
    // Parts of about equal size.
    let parts = (shape.taps * shape.channels + blockDepth - 1) / blockDepth
    let whole = max(1, blockDepth / shape.channels)
    taps = channels < shape.channels ? 1 : min(whole, (shape.taps + parts - 1) / parts)
  }

  /// Goes on to the next part; false after the last.
  @inline(__always) mutating func advance(_ shape: PatchShape) -> Bool {
    if channel + channels < shape.channels {
      channel += channels
    } else {
      channel = 0
      tap += taps
    }
    taps = min(taps, shape.taps - tap)
    channels = min(min(shape.channels, blockDepth), shape.channels - channel)
    return taps > 0
  }
}

/// A target pixel and what it reads.
struct PatchPlace {
  var image: Int
  var band: Int
  var frame: Int

  @inline(__always) init(_ shape: PatchShape, _ pixel: Int) {
    let row = pixel / shape.frames.targetCount
    frame = pixel % shape.frames.targetCount
    image = row / shape.bands.targetCount
    band = row % shape.bands.targetCount
  }

  @inline(__always) mutating func advance(_ shape: PatchShape, by frames: Int) {
    frame += frames
    guard frame == shape.frames.targetCount else { return }
    frame = 0
    band += 1
    guard band == shape.bands.targetCount else { return }
    band = 0
    image += 1
  }

  /// Where it stands in the target, in pixels.
  @inline(__always) func target(_ shape: PatchShape) -> Int {
    let row = image * shape.bands.targetSize + shape.bands.targetStart + band * shape.bands.targetStep
    return row * shape.frames.targetSize + shape.frames.targetStart + frame * shape.frames.targetStep
  }

  /// The source row that it reads through a row of taps, or −1 in the padding.
  @inline(__always) func sourceRow(_ shape: PatchShape, _ tapRow: Int) -> Int {
    let row = shape.bands.sourceStart + band * shape.bands.sourceStep + tapRow * shape.bands.tapStep
    guard row >= 0, row < shape.bands.sourceSize else { return -1 }
    return image * shape.bands.sourceSize + row
  }

  /// The source column that it reads through column 0 of the taps.
  @inline(__always) func sourceColumn(_ shape: PatchShape) -> Int {
    shape.frames.sourceStart + frame * shape.frames.sourceStep
  }
}

/// The patches where they stand in the source already, if they do: neighbouring pixels a fixed distance apart, and every patch
/// in one run.
@inline(__always) func standingPatches(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ count: Int, _ chunk: PatchChunk
) -> PatchMatrix? {
  let stride = shape.frames.sourceStep * shape.sourceStride
  // Rows a multiple of 4 KiB apart would all fall into one set of the first-level cache.
  guard stride % 1024 != 0 else { return nil }
  if shape.bands.isIdentity, shape.frames.isIdentity {
    return PatchMatrix(
      start: source + first * shape.sourceStride + chunk.channel, rowStride: stride, depthStride: 1)
  }
  let place = PatchPlace(shape, first)
  let column = place.sourceColumn(shape)
  let last = column + (count - 1) * shape.frames.sourceStep + (shape.frames.taps - 1) * shape.frames.tapStep
  let isRun = shape.frames.tapStep == 1 && shape.channels == shape.sourceStride
  guard shape.bands.taps == 1, isRun || chunk.taps == 1, place.frame + count <= shape.frames.targetCount,
    column >= 0, last < shape.frames.sourceSize
  else { return nil }
  let row = place.sourceRow(shape, 0)
  guard row >= 0 else { return nil }
  let pixel = row * shape.frames.sourceSize + column + chunk.tap * shape.frames.tapStep
  return PatchMatrix(
    start: source + pixel * shape.sourceStride + chunk.channel, rowStride: stride, depthStride: 1)
}

/// Copies the patches of a block, with zeros up to a multiple of four values.
@inline(__always) func gatherPatches(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ count: Int, _ chunk: PatchChunk,
  _ out: UnsafeMutablePointer<Float>
) -> PatchMatrix {
  if shape.isTapMajor {
    gatherTaps(shape, source, first, count, chunk, out)
    return PatchMatrix(start: out, rowStride: 1, depthStride: blockPixels)
  }
  let stride = (chunk.depth + 3) / 4 * 4
  let spaced = stride % 128 == 0 ? stride + 16 : stride
  gatherPixels(shape, source, first, count, chunk, out, spaced)
  return PatchMatrix(start: out, rowStride: spaced, depthStride: 1)
}

/// out[pixel, tap, channel]
func gatherPixels(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ count: Int, _ chunk: PatchChunk,
  _ out: UnsafeMutablePointer<Float>, _ outStride: Int
) {
  let n = chunk.channels
  let columns = shape.frames.sourceSize
  let isRun = shape.frames.tapStep == 1 && n == shape.sourceStride
  var place = PatchPlace(shape, first)
  for pixel in 0..<count {
    var values = out + pixel * outStride
    let left = place.sourceColumn(shape)
    var tap = chunk.tap
    while tap < chunk.tap + chunk.taps {
      let from = tap % shape.frames.taps
      let to = min(shape.frames.taps, from + chunk.tap + chunk.taps - tap)
      let row = place.sourceRow(shape, tap / shape.frames.taps)
      let x = source + row * columns * shape.sourceStride + chunk.channel
      if row < 0 {
        clear(values, (to - from) * n)
      } else if isRun {
        let low = min(max(from, -left), to)
        let high = min(max(low, columns - left), to)
        clear(values, (low - from) * n)
        copy(values + (low - from) * n, x + (left + low) * n, (high - low) * n)
        clear(values + (high - from) * n, (to - high) * n)
      } else {
        for j in from..<to {
          let column = left + j * shape.frames.tapStep
          if column >= 0, column < columns {
            copy(values + (j - from) * n, x + column * shape.sourceStride, n)
          } else {
            clear(values + (j - from) * n, n)
          }
        }
      }
      values += (to - from) * n
      tap += to - from
    }
    clear(values, (4 - chunk.depth % 4) % 4)
    place.advance(shape, by: 1)
  }
}

/// out[tap, channel, pixel]
func gatherTaps(
  _ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ count: Int, _ chunk: PatchChunk,
  _ out: UnsafeMutablePointer<Float>
) {
  let step = shape.frames.sourceStep
  let columns = shape.frames.sourceSize
  var place = PatchPlace(shape, first)
  var pixel = 0
  while pixel < count {
    let run = min(count - pixel, shape.frames.targetCount - place.frame)
    var values = out + pixel
    for tap in chunk.tap..<(chunk.tap + chunk.taps) {
      let row = place.sourceRow(shape, tap / shape.frames.taps)
      let left = place.sourceColumn(shape) + tap % shape.frames.taps * shape.frames.tapStep
      // Pixels low ..< high of the run read inside the picture.
      let low = row < 0 ? run : min(run, left >= 0 ? 0 : (step - 1 - left) / step)
      let high = row < 0 || left >= columns ? low : max(low, min(run, (columns - 1 - left) / step + 1))
      let x = source + (row * columns + left) * shape.sourceStride
      for channel in 0..<chunk.channels {
        clear(values, low)
        if step * shape.sourceStride == 1 {
          copy(values + low, x + low, high - low)
        } else {
          for i in low..<high { values[i] = x[i * step * shape.sourceStride + channel] }
        }
        clear(values + high, run - high)
        values += blockPixels
      }
    }
    for _ in 0..<((4 - chunk.depth % 4) % 4) {
      clear(values, run)
      values += blockPixels
    }
    pixel += run
    place.advance(shape, by: run)
  }
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
