import MtagKernelTypes

/// Cuts the tiles of a batch into units for backward: some rows of tiles of one image, or several whole images. A unit is large
/// enough to fill blocks of tiles, and its rows of the output's gradient small enough to stay in the caches.
struct WinogradUnits {
  /// Some rows of tiles.
  struct Unit {
    /// Rows of the output that the tiles cover, with the row above and the row below where the image has them: what the input's
    /// gradient depends on. Counted through the whole batch.
    let rowsAround: Range<Int>
    /// Pixels of the output that the tiles cover, counted through the whole batch.
    let pixels: Range<Int>
    let tiles: Range<Int>
  }

  /// Units in all.
  let count: Int
  /// Rows around a unit, at most.
  let rowLimit: Int

  private let shape: WinogradShape
  /// Rows of tiles of a unit within an image; 0 if units are whole images.
  private let tileRows: Int
  /// Images of a unit.
  private let images: Int

  /// Floats of the output's gradient in a unit, at best.
  private static let cacheFloats = 1 << 19

  /// - Parameters:
  ///   - pieces: how many units there should be at least, where they can be filled.
  ///   - blockTiles: tiles that the kernels transform together.
  init(_ shape: WinogradShape, pieces: Int, blockTiles: Int) {
    self.shape = shape
    let blockRows = (blockTiles + shape.tileColumns - 1) / shape.tileColumns
    let cachedRows = Self.cacheFloats / (4 * shape.frames * shape.outputChannels)
    let wanted = max(min(cachedRows, shape.batch * shape.tileRows / pieces), blockRows)
    if wanted < shape.tileRows {
      // Even shares of an image.
      let parts = (shape.tileRows + wanted - 1) / wanted
      tileRows = (shape.tileRows + parts - 1) / parts
      images = 1
      count = shape.batch * ((shape.tileRows + tileRows - 1) / tileRows)
      rowLimit = 4 * tileRows + 2
    } else {
      tileRows = 0
      images = min(wanted / shape.tileRows, shape.batch)
      count = (shape.batch + images - 1) / images
      rowLimit = images * shape.bands
    }
  }

  subscript(index: Int) -> Unit {
    guard tileRows > 0 else {
      let first = index * images
      let last = min(first + images, shape.batch)
      let rows = first * shape.bands..<last * shape.bands
      return unit(rows: rows, around: rows, tileRows: first * shape.tileRows..<last * shape.tileRows)
    }
    let partsOfImage = count / shape.batch
    let image = index / partsOfImage
    let first = index % partsOfImage * tileRows
    let last = min(first + tileRows, shape.tileRows)
    let origin = image * shape.bands
    return unit(
      rows: origin + 4 * first..<origin + min(4 * last, shape.bands),
      around: origin + max(4 * first - 1, 0)..<origin + min(4 * last + 1, shape.bands),
      tileRows: image * shape.tileRows + first..<image * shape.tileRows + last)
  }

  private func unit(rows: Range<Int>, around: Range<Int>, tileRows: Range<Int>) -> Unit {
    Unit(
      rowsAround: around,
      pixels: rows.lowerBound * shape.frames..<rows.upperBound * shape.frames,
      tiles: tileRows.lowerBound * shape.tileColumns..<tileRows.upperBound * shape.tileColumns)
  }
}
