import Foundation
import MtagCore

/// Draws one channel of a map into pixels, each the mean of exactly the area that it covers.
///
/// A value that covers many pixels is a crisp rectangle; a pixel that covers many values shows their mean: of levels the
/// mean power, what a coarser spectrogram would show, so that a thin line stays visible. Other values are averaged as they
/// are. Memory is the picture and two of its rows, however long the map is.
struct MapRaster {
  let map: FeatureMap
  let channel: Int
  let part: MapPart

  private var range: ValueRange { part.range }

  private static let blockLength = 65_536

  /// The picture of the part's bands: `colors` from the lowest value to the highest, band 0 at the bottom.
  func image(width: Int, height: Int, colors: [UInt32]) -> PixelImage {
    let (scale, bands) = (part.scale, part.rows.count)
    var image = PixelImage(width: width, height: height)
    var sums = [Double](repeating: 0, count: width)
    var reduced = [Double](repeating: 0, count: width)
    var reducedBand = -1
    // From the top or from the bottom, so that bands come in rising order and each is read once.
    let isRising = scale.bandInterval(from: 0, to: 0.5).low <= scale.bandInterval(from: 0.5, to: 1).low
    for step in 0..<height {
      let row = isRising ? height - 1 - step : step
      let interval = scale.bandInterval(
        from: Double(height - 1 - row) / Double(height), to: Double(height - row) / Double(height))
      let first = min(max(Int(interval.low), 0), bands - 1)
      // A row that ends on a band's edge, up to rounding, has nothing of the next band.
      let last = min(max(Int((interval.high - 1e-9).rounded(.up)) - 1, first), bands - 1)
      for column in 0..<width { sums[column] = 0 }
      var covered = 0.0
      for band in first...last {
        let share = min(interval.high, Double(band + 1)) - max(interval.low, Double(band))
        let weight = first == last ? 1 : max(share, 0)
        if band != reducedBand { reduce(band, into: &reduced) }
        reducedBand = band
        covered += weight
        for column in 0..<width { sums[column] += weight * reduced[column] }
      }
      for column in 0..<width {
        let value = level(sums[column] / covered)
        image.pixels[row * width + column] = colors[Int((range.share(value) * 255).rounded())]
      }
    }
    return image
  }

  // MARK: - Helpers

  /// The means of one band over the columns. Frames and columns are laid on one ruler of `frames × columns` parts, so that
  /// every overlap is a whole number.
  private func reduce(_ band: Int, into columns: inout [Double]) {
    let (frames, channels, width) = (map.frames, map.channels, columns.count)
    for column in 0..<width { columns[column] = 0 }
    var column = 0
    var edge = frames
    let framesPerBlock = max(Self.blockLength / channels, 1)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: framesPerBlock * channels) { block in
      for start in stride(from: 0, to: frames, by: framesPerBlock) {
        let count = min(framesPerBlock, frames - start)
        let offset = ((part.rows.lowerBound + band) * frames + start) * channels
        map.read(offset..<offset + count * channels, into: block)
        for frame in 0..<count {
          let value = Double(linear(block[frame * channels + channel]))
          var place = (start + frame) * width
          let end = place + width
          while place < end {
            let stop = min(end, edge)
            columns[column] += value * Double(stop - place)
            place = stop
            if stop == edge {
              column = min(column + 1, width - 1)
              edge += frames
            }
          }
        }
      }
    }
    for column in 0..<width { columns[column] /= Double(frames) }
  }

  /// What is averaged: of a level its power, 1 at the greatest value that there is. The colours' range, which a user may set
  /// anywhere, has no part in this: far from the values their powers would overflow or vanish.
  private func linear(_ value: Float) -> Float {
    range.doublingsPerUnit.map { exp2((value - range.greatest) * $0) } ?? value
  }

  private func level(_ mean: Double) -> Float {
    guard let doublings = range.doublingsPerUnit else { return Float(mean) }
    // Below the smallest float there are only values some 450 dB below the greatest.
    return mean > 0 ? range.greatest + Float(log2(mean)) / doublings : range.least
  }
}
