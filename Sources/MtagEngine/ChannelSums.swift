import MtagCore

/// Sums over pixels for each channel, collected piece by piece in double precision and added in the order of the pieces.
final class ChannelSums {
  /// Doubles of one piece.
  let width: Int
  let pieces: Int
  private let memory: UnsafeMutablePointer<Double>

  init(width: Int, pieces: Int) {
    self.width = width
    self.pieces = pieces
    memory = .allocate(capacity: width * pieces)
    reset()
  }

  deinit { memory.deallocate() }

  func reset() { memory.initialize(repeating: 0, count: width * pieces) }

  func piece(_ index: Int) -> UnsafeMutablePointer<Double> { memory + index * width }

  /// Writes the first `count` sums over all pieces, in single precision.
  func writeTotal(to sums: UnsafeMutablePointer<Float>, count: Int) {
    for i in 0..<count {
      sums[i] = Float((0..<pieces).reduce(0.0) { $0 + memory[$1 * width + i] })
    }
  }

  /// The sums over all pieces.
  func total() -> [Double] {
    var sums = [Double](repeating: 0, count: width)
    for piece in 0..<pieces {
      for i in 0..<width { sums[i] += memory[piece * width + i] }
    }
    return sums
  }
}
