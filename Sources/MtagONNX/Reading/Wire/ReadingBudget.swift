/// Counts the small parts that are kept from a file, so that a file of nothing but names cannot fill the memory.
struct ReadingBudget {
  private var parts = 0
  private var textBytes = 0

  /// Counts names, numbers or sizes.
  mutating func take(parts count: Int = 1) throws {
    parts += count
    guard parts <= ONNXLimits.smallParts else {
      throw WireFault("it has more than \(ONNXLimits.smallParts) names, attribute values and sizes")
    }
  }

  /// A text of the file, counted.
  /// - Parameter limit: its largest size in bytes.
  mutating func text(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ what: String, limit: Int = ONNXLimits.nameBytes
  ) throws -> String {
    guard range.count <= limit else {
      throw WireFault("\(what) takes \(range.count) bytes, more than the \(limit) that are read")
    }
    textBytes += range.count
    guard textBytes <= ONNXLimits.allTextBytes else {
      throw WireFault("its names and texts take more than \(ONNXLimits.allTextBytes) bytes")
    }
    try take()
    let part = UnsafeRawBufferPointer(rebasing: bytes[range])
    guard let text = String(validating: part, as: UTF8.self) else {
      throw WireFault("\(what) is not UTF-8 text")
    }
    return text
  }
}
