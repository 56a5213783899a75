/// Counts the constants that are read for a translation: one that is named again and again must not take for ever.
final class DecodingMeter {
  private var count = 0
  private let limit: Int

  /// - Parameter limit: the most values that may be read.
  init(limit: Int) { self.limit = limit }

  /// Counts values.
  func take(_ values: Int) throws {
    count = count.addingClamped(values)
    guard count <= limit else { throw NodeReader.Fault("the same constants are read again and again") }
  }
}
