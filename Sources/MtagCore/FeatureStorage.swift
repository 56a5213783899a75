/// Where the values of a feature map are.
package enum FeatureStorage: Sendable {
  /// In an array of this program.
  case memory([Float])
  /// In a mapped file: `count` little-endian float32 values from `offset` bytes on.
  case mapped(MappedFile, offset: Int, count: Int)
  /// In a mapped file: `count` little-endian 16-bit steps from `offset` bytes on; a value is `low + step * size`.
  case mappedSteps(MappedFile, offset: Int, count: Int, low: Float, size: Float)

  /// How many values there are.
  package var count: Int {
    switch self {
    case .memory(let values): values.count
    case .mapped(_, _, let count): count
    case .mappedSteps(_, _, let count, _, _): count
    }
  }

  /// Bytes that the values take where they are.
  package var byteCount: Int {
    if case .mappedSteps = self { 2 * count } else { 4 * count }
  }

  /// Copies the values of a range to the start of a buffer, which has room for them.
  func read(_ range: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) is not within \(count) values")
    guard let target = target.baseAddress, !range.isEmpty else { return }
    switch self {
    case .memory(let values):
      values.withUnsafeBufferPointer { values in
        guard let source = values.baseAddress else { return }
        target.update(from: source + range.lowerBound, count: range.count)
      }
    case .mapped(let file, let offset, _):
      guard let source = file.bytes.baseAddress?.advanced(by: offset + 4 * range.lowerBound) else { return }
      UnsafeMutableRawPointer(target).copyMemory(from: source, byteCount: 4 * range.count)
      #if _endian(big)
        for index in 0..<range.count {
          target[index] = Float(bitPattern: target[index].bitPattern.byteSwapped)
        }
      #endif
      file.release(offset: offset + 4 * range.lowerBound, count: 4 * range.count)
    case .mappedSteps(let file, let offset, _, let low, let size):
      guard let source = file.bytes.baseAddress?.advanced(by: offset + 2 * range.lowerBound) else { return }
      // A product and a sum, each rounded: the same bits on every processor.
      for index in 0..<range.count {
        let step = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        target[index] = low + Float(UInt16(littleEndian: step)) * size
      }
      file.release(offset: offset + 2 * range.lowerBound, count: 2 * range.count)
    }
  }
}
