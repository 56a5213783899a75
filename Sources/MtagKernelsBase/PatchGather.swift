import MtagKernelTypes

// Patches of a block of target pixels as a matrix that a register tile reads: where they stand in the source, or copied.

/// Target pixels multiplied together; a multiple of the register tile's rows.
@inline(__always) var blockPixels: Int { 96 }
/// Values of a patch multiplied together, so that a panel of filters and the rows of a tile stay in the first-level cache.
@inline(__always) var blockDepth: Int { 320 }
/// Floats of the strips that a source row is taken apart into.
@inline(__always) var stripCount: Int { 4096 }

/// A matrix in memory: element (pixel, k) at `start[pixel * rowStride + k * depthStride]`.
struct PatchMatrix {
  var start: UnsafePointer<Float>
  var rowStride: Int
  var depthStride: Int
}

/// A block of target pixels and where its patches come from and go to.
struct PatchBlock {
  let shape: PatchShape
  /// The source, at the group's first channel.
  let source: UnsafePointer<Float>
  let first: Int
  let pixels: Int
  let place: PatchPlace
  /// The row of taps whose strip of the source is in scratch memory, or −1.
  private var stripRow = -1

  /// As many pixels from `first` on as can be worked on together.
  @inline(__always) init(_ shape: PatchShape, _ source: UnsafePointer<Float>, _ first: Int, _ end: Int) {
    self.shape = shape
    self.source = source
    self.first = first
    place = PatchPlace(shape, first)
    let most = min(blockPixels, end - first)
    pixels = shape.isRowByRow ? min(most, shape.frames.targetCount - place.frame) : most
  }

  /// The same pixels of another group.
  @inline(__always) init(_ block: PatchBlock, group: Int) {
    (shape, first, pixels, place) = (block.shape, block.first, block.pixels, block.place)
    source = block.source + group * block.shape.channels
  }

  /// Whether a part of the patches lies in the padding above or below the picture, so that it adds nothing.
  @inline(__always) func isOutside(_ chunk: PatchChunk) -> Bool {
    shape.isRowByRow && place.sourceRow(shape, chunk.tap / shape.frames.taps) < 0
  }

  /// The matrix of a part of the patches.
  /// - Parameters:
  ///   - canStand: whether the register tile reads nothing beyond the block's pixels and the part's values.
  ///   - needsZeros: whether values past the part's depth must be zeros.
  @inline(__always) mutating func matrix(
    _ chunk: PatchChunk, canStand: Bool, needsZeros: Bool, _ scratch: UnsafeMutablePointer<Float>
  ) -> PatchMatrix {
    if canStand, let matrix = standing(chunk) { return matrix }
    let out = scratch + stripCount
    if shape.isRowByRow, !needsZeros, isStripShort(chunk) { return strip(chunk, out) }
    stripRow = -1
    if shape.isTapMajor {
      gatherTaps(self, chunk, out, scratch)
      return PatchMatrix(start: out, rowStride: 1, depthStride: blockPixels)
    }
    // Rows a multiple of the cache's sets apart would displace each other.
    let stride = (chunk.depth + 3) / 4 * 4
    let spaced = stride % 128 == 0 ? stride + 16 : stride
    gatherPixels(self, chunk, out, spaced)
    return PatchMatrix(start: out, rowStride: spaced, depthStride: 1)
  }

  /// The patches where they stand in the source, if they do: neighbouring pixels a fixed distance apart, and every patch in one
  /// run.
  @inline(__always) private func standing(_ chunk: PatchChunk) -> PatchMatrix? {
    let frames = shape.frames
    let stride = frames.sourceStep * shape.sourceStride
    // Rows a multiple of 4 KiB apart would all fall into one set of the first-level cache.
    guard shape.isRowByRow, stride % 1024 != 0, chunk.taps == 1 || shape.channels == shape.sourceStride
    else { return nil }
    let column = place.sourceColumn(shape) + chunk.tap % frames.taps * frames.tapStep
    let last = column + (pixels - 1) * frames.sourceStep + (chunk.taps - 1) * frames.tapStep
    guard column >= 0, last < frames.sourceSize else { return nil }
    let pixel = place.sourceRow(shape, chunk.tap / frames.taps) * frames.sourceSize + column
    return PatchMatrix(
      start: source + pixel * shape.sourceStride + chunk.channel, rowStride: stride, depthStride: 1)
  }

  /// Columns of a source row that the block reads through a row of taps.
  @inline(__always) private var stripColumns: Int {
    (pixels - 1) * shape.frames.sourceStep + (shape.frames.taps - 1) * shape.frames.tapStep + 1
  }

  /// Whether a strip is less to copy than the patches, and fits where they would, with what a tile's idle rows read behind it.
  @inline(__always) private func isStripShort(_ chunk: PatchChunk) -> Bool {
    let idleColumns = (tileRows / 3 - 1) * shape.frames.sourceStep
    return shape.frames.sourceStep <= shape.frames.taps
      && (stripColumns + idleColumns) * chunk.channels <= blockPixels * min(shape.depth, blockDepth)
  }

  /// Copies the piece of a source row that the block reads through one row of taps, with zeros at the ends, unless it is there.
  @inline(__always) private mutating func strip(
    _ chunk: PatchChunk, _ out: UnsafeMutablePointer<Float>
  ) -> PatchMatrix {
    let frames = shape.frames
    let n = chunk.channels
    let tapRow = chunk.tap / frames.taps
    if stripRow != tapRow || n != shape.channels {
      stripRow = tapRow
      let left = place.sourceColumn(shape)
      let row = place.sourceRow(shape, tapRow) * frames.sourceSize
      let x = source + row * shape.sourceStride + chunk.channel
      let low = min(stripColumns, max(0, -left))
      let high = max(low, min(stripColumns, frames.sourceSize - left))
      clear(out, low * n)
      if n == shape.sourceStride {
        copy(out + low * n, x + (left + low) * n, (high - low) * n)
      } else {
        for column in low..<high { copy(out + column * n, x + (left + column) * shape.sourceStride, n) }
      }
      clear(out + high * n, (stripColumns - high) * n)
    }
    return PatchMatrix(
      start: out + chunk.tap % frames.taps * frames.tapStep * n, rowStride: frames.sourceStep * n,
      depthStride: 1)
  }
}

/// out[pixel, tap, channel], with zeros up to a multiple of four values.
@inline(never) func gatherPixels(
  _ block: PatchBlock, _ chunk: PatchChunk, _ out: UnsafeMutablePointer<Float>, _ outStride: Int
) {
  let shape = block.shape
  let n = chunk.channels
  let columns = shape.frames.sourceSize
  let isRun = shape.frames.tapStep == 1 && n == shape.sourceStride
  let rest = (4 - chunk.depth % 4) % 4
  var tap = chunk.tap
  while tap < chunk.tap + chunk.taps {
    let tapRow = tap / shape.frames.taps
    let from = tap % shape.frames.taps
    let to = min(shape.frames.taps, from + chunk.tap + chunk.taps - tap)
    var place = block.place
    var values = out + (tap - chunk.tap) * n
    for _ in 0..<block.pixels {
      let row = place.sourceRow(shape, tapRow)
      let left = place.sourceColumn(shape)
      let x = block.source + row * columns * shape.sourceStride + chunk.channel
      if row < 0 {
        clear(values, (to - from) * n)
      } else if isRun {
        let low = min(max(from, -left), to)
        let high = min(max(low, columns - left), to)
        clear(values, (low - from) * n)
        copy(values + (low - from) * n, x + (left + low) * n, (high - low) * n)
        clear(values + (high - from) * n, (to - high) * n)
      } else {
        var column = left + from * shape.frames.tapStep
        for j in 0..<(to - from) {
          if column >= 0, column < columns {
            copy(values + j * n, x + column * shape.sourceStride, n)
          } else {
            clear(values + j * n, n)
          }
          column += shape.frames.tapStep
        }
      }
      values += outStride
      place.advance(shape, by: 1)
    }
    tap += to - from
  }
  guard rest > 0 else { return }
  for pixel in 0..<block.pixels { clear(out + pixel * outStride + chunk.depth, rest) }
}
