import MtagKernelTypes

/// Part of a patch: whole taps, or some channels of one tap.
struct PatchChunk {
  var tap = 0
  var taps: Int
  var channel = 0
  var channels: Int
  /// Taps of a part, and where parts must end: at the end of a patch, or of each row of taps.
  private let limit: Int
  private let end: Int

  /// Values of the part.
  var depth: Int { taps * channels }

  /// The first part of every patch of a shape.
  @inline(__always) init(_ shape: PatchShape) {
    channels = min(shape.channels, blockDepth)
    end = shape.isRowByRow ? shape.frames.taps : shape.taps
    // Parts of about equal size, and of whole rows of a tile.
    let parts = (end * shape.channels + blockDepth - 1) / blockDepth
    let even = (end + parts - 1) / parts
    let most = max(1, blockDepth / shape.channels)
    let isOneByOne = channels < shape.channels || shape.isRowByRow && shape.frames.tapStep != 1
    limit = isOneByOne ? 1 : min(shape.channels % 4 == 0 ? even : (even + 3) / 4 * 4, most)
    taps = min(limit, end)
  }

  /// Where it starts in a patch.
  @inline(__always) func start(_ shape: PatchShape) -> Int { tap * shape.channels + channel }

  /// Goes on to the next part; false after the last.
  @inline(__always) mutating func advance(_ shape: PatchShape) -> Bool {
    if channel + channels < shape.channels {
      channel += channels
    } else {
      channel = 0
      tap += taps
    }
    channels = min(min(shape.channels, blockDepth), shape.channels - channel)
    taps = min(limit, end - tap % end)
    return tap < shape.taps
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
