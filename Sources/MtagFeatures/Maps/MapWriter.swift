package import MtagCore

/// Writes a map `[bands, frames, channels]` from left to right. A map of more than some tens of megabytes goes to a temporary
/// file, which is then mapped.
package struct MapWriter: ~Copyable {
  private let bands: Int
  /// Values of one row of the map.
  private let rowCount: Int
  private let channels: Int
  /// Where row 0 of the current block starts; rows are `rowStride` apart.
  private let block: UnsafeMutablePointer<Float>
  private let rowStride: Int
  /// Values of each row that the block has, and the place of its first in the row.
  private var filled = 0
  private var blockStart = 0
  private let file: TemporaryFile?

  /// Maps up to this many values stay in memory: 64 MiB.
  package static let largestResidentCount = 16_777_216
  /// Frames of a block on its way to the file.
  private static let blockFrames = 512

  /// Makes a map: `body` writes all of its columns.
  /// - Throws: what `body` throws; `MtagError` (cannotCreate, inputOutput) if the temporary file cannot be written.
  package static func map(
    bands: Int, frames: Int, channels: Int = 1, residentCount: Int = MapWriter.largestResidentCount,
    _ body: (inout MapWriter) throws -> Void
  ) throws -> FeatureMap {
    let rowCount = frames * channels
    let count = bands * rowCount
    if count <= residentCount {
      let values = try [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        guard let start = buffer.baseAddress, count > 0 else { return }
        var writer = MapWriter(
          bands: bands, rowCount: rowCount, channels: channels, block: start, rowStride: rowCount, file: nil)
        try body(&writer)
        writer.checkComplete()
        filled = count
      }
      return FeatureMap(bands: bands, frames: frames, channels: channels, values: values)
    }
    let block = AlignedBuffer(count: bands * blockFrames * channels)
    var writer = MapWriter(
      bands: bands, rowCount: rowCount, channels: channels, block: block.pointer,
      rowStride: blockFrames * channels, file: try TemporaryFile())
    try body(&writer)
    try writer.writeBlock()
    writer.checkComplete()
    let storage = FeatureStorage.mapped(try writer.mapped(), offset: 0, count: count)
    return FeatureMap(bands: bands, frames: frames, channels: channels, storage: storage)
  }

  private init(
    bands: Int, rowCount: Int, channels: Int, block: UnsafeMutablePointer<Float>, rowStride: Int,
    file: consuming TemporaryFile?
  ) {
    self.bands = bands
    self.rowCount = rowCount
    self.channels = channels
    self.block = block
    self.rowStride = rowStride
    self.file = file
  }

  /// Lends room for the next `frames` frames: the place of band 0's first value, and how far apart the bands are. All of it
  /// must be written.
  package mutating func columns(
    _ frames: Int, _ body: (_ target: UnsafeMutablePointer<Float>, _ rowStride: Int) throws -> Void
  ) throws {
    let count = frames * channels
    if filled + count > rowStride { try writeBlock() }
    precondition(
      filled + count <= rowStride && blockStart + filled + count <= rowCount,
      "the map has no \(frames) frames left")
    try body(block + filled, rowStride)
    filled += count
  }

  private mutating func writeBlock() throws {
    guard filled > 0 else { return }
    guard file != nil else { return }
    for band in 0..<bands {
      let row = UnsafeBufferPointer(start: block + band * rowStride, count: filled)
      try file?.write(row, at: band * rowCount + blockStart)
    }
    blockStart += filled
    filled = 0
  }

  private func mapped() throws -> MappedFile {
    guard let mapped = try file?.map() else {
      throw MtagError(.internalFault, "a map in memory has no file")
    }
    return mapped
  }

  private func checkComplete() {
    precondition(blockStart + filled == rowCount, "\(blockStart + filled) of \(rowCount) values were written")
  }
}
