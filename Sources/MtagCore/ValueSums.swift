/// Sums over values, in double precision and always in the same order: over four lanes, however the values arrive in pieces
/// whose counts are multiples of four.
package struct ValueSums: Sendable {
  /// How many values there were.
  package private(set) var count = 0
  private var sums = SIMD4<Double>()
  private var squares = SIMD4<Double>()

  /// Sums over nothing.
  package init() {}

  /// Sums over all values of a map, read piece by piece.
  package init(_ map: FeatureMap) {
    map.forEachPiece { add(UnsafeBufferPointer($0)) }
  }

  /// The sum of the values.
  package var sum: Double { sums.sum() }
  /// The sum of their squares.
  package var sumOfSquares: Double { squares.sum() }

  /// The variance; 0 for no values.
  package var variance: Double {
    guard count > 0 else { return 0 }
    let mean = sum / Double(count)
    return max(0, sumOfSquares / Double(count) - mean * mean)
  }

  /// Adds values.
  package mutating func add(_ values: UnsafeBufferPointer<Float>) {
    guard let start = values.baseAddress else { return }
    var (sums, squares) = (sums, squares)
    let whole = values.count & ~3
    var index = 0
    while index < whole {
      let lanes = SIMD4(
        Double(start[index]), Double(start[index + 1]), Double(start[index + 2]), Double(start[index + 3]))
      sums += lanes
      squares += lanes * lanes
      index += 4
    }
    while index < values.count {
      let value = Double(start[index])
      sums[index & 3] += value
      squares[index & 3] += value * value
      index += 1
    }
    (self.sums, self.squares) = (sums, squares)
    count += values.count
  }
}
