import MtagCore

extension FeatureMap {
  /// Passes the values of some bands to `body`, block by block in the order of `values`, until it returns false. Memory is one
  /// block.
  func visitBlocks(
    rows: Range<Int>, _ body: (_ start: Int, _ values: UnsafeMutableBufferPointer<Float>) -> Bool
  ) {
    let blockLength = 65_536
    let (first, end) = (rows.lowerBound * frames * channels, rows.upperBound * frames * channels)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: blockLength) { block in
      for start in stride(from: first, to: end, by: blockLength) {
        let length = min(blockLength, end - start)
        read(start..<start + length, into: block)
        guard body(start, UnsafeMutableBufferPointer(rebasing: block[..<length])) else { return }
      }
    }
  }

  /// The least and the greatest value of some bands, or of all.
  /// - Throws: `MtagError` (badData) if one is not finite, naming its band and frame.
  func extremes(path: String, rows: Range<Int>? = nil) throws -> (least: Float, greatest: Float) {
    var (least, greatest) = (Float.infinity, -Float.infinity)
    var bad: (index: Int, value: Float)?
    visitBlocks(rows: rows ?? 0..<bands) { start, values in
      for (offset, value) in values.enumerated() {
        if !value.isFinite && bad == nil { bad = (start + offset, value) }
        least = min(least, value)
        greatest = max(greatest, value)
      }
      return bad == nil
    }
    if let bad {
      let cell = bad.index / channels
      throw MtagError(
        .badData, "\(path): the map's value at band \(cell / frames), frame \(cell % frames) is \(bad.value)")
    }
    return (least, greatest)
  }
}
