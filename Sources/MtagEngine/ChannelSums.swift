import MtagCore

/// Sums over pixels for each channel, collected piece by piece in double precision and added in the order of the pieces.
final class ChannelSums {
  /// Doubles of one piece.
  let width: Int
  let pieces: Int
  private let memory: UnsafeMutablePointer<Double>
  private let sums: UnsafeMutablePointer<Double>

  init(width: Int, pieces: Int) {
    self.width = width
    self.pieces = pieces
    memory = .allocate(capacity: width * pieces)
    sums = .allocate(capacity: width)
    sums.initialize(repeating: 0, count: width)
    reset()
  }

  deinit {
    memory.deallocate()
    sums.deallocate()
  }

  func reset() { memory.initialize(repeating: 0, count: width * pieces) }

  func piece(_ index: Int) -> UnsafeMutablePointer<Double> { memory + index * width }

  /// The sums over all pieces, `[width]`; overwritten by the next call.
  func total() -> UnsafePointer<Double> {
    sums.update(repeating: 0, count: width)
    for piece in 0..<pieces {
      for i in 0..<width { sums[i] += memory[piece * width + i] }
    }
    return UnsafePointer(sums)
  }
}
