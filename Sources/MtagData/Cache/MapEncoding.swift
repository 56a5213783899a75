import MtagCore

/// How a map's values are kept: as they are, or in steps of 16 bits between the smallest and the largest.
///
/// Steps are taken where they cost next to nothing, measured over all values of the map: the largest error must be below
/// 0.01 of the map's unit, and, unless that is dB, below a ten-thousandth of the values' standard deviation, which is what a
/// network sees of it. So levels, chroma or cepstra take half the space, while a linear spectrum with few large and many
/// tiny values stays whole. IEEE's 16-bit floats would do worse: their steps are 0.06 dB wide near -80 dB, ours 0.001 dB.
enum MapEncoding: Hashable {
  /// Float32.
  case full
  /// 16 bits: a value is `low + step * size`.
  case steps(low: Float, size: Float)

  private static let largestError: Float = 0.01
  private static let largestErrorInDeviations: Float = 1e-4
  private static let largestStep: Float = 65_535

  /// Bytes of a value.
  var valueBytes: Int { self == .full ? 4 : 2 }

  /// The smallest encoding that is good enough for a map.
  /// - Parameter unit: that of its values, as `MapAxes` has it.
  init(for map: FeatureMap, unit: String) {
    var (low, high) = (Float.infinity, -Float.infinity)
    var sums = ValueSums()
    map.forEachPiece { piece in
      for value in piece {
        low = value < low ? value : low
        high = value > high ? value : high
      }
      sums.add(UnsafeBufferPointer(piece))
    }
    let size = (high - low) / Self.largestStep
    // Not a number, too wide, or too narrow to divide by: those keep their bits.
    guard sums.sumOfSquares.isFinite, size.isFinite, size.isNormal || low == high,
      size == 0 || 1 / size < .infinity
    else {
      self = .full
      return
    }
    let steps = MapEncoding.steps(low: low, size: size)
    let deviation = Float(sums.variance.squareRoot())
    let bound =
      unit == "dB" ? Self.largestError : min(Self.largestError, Self.largestErrorInDeviations * deviation)
    let error = steps.error(in: map)
    self = error == 0 || error < bound ? steps : .full
  }

  /// The step that is nearest to a value.
  @inline(__always)
  static func step(_ value: Float, low: Float, inverse: Float) -> UInt16 {
    let scaled = (value - low) * inverse
    let inside = scaled < largestStep ? scaled : largestStep
    // Adding 2^23 leaves no bits for a fraction: the sum's last bits are the nearest whole number.
    return UInt16(truncatingIfNeeded: (inside + 8_388_608).bitPattern)
  }

  /// What a value is multiplied by to count in steps of a size.
  static func inverse(_ size: Float) -> Float { size == 0 ? 0 : 1 / size }

  /// The largest difference between a value and what is read back for it.
  private func error(in map: FeatureMap) -> Float {
    guard case .steps(let low, let size) = self else { return 0 }
    let inverse = Self.inverse(size)
    var largest: Float = 0
    map.forEachPiece { piece in
      for value in piece {
        let error = abs(low + Float(Self.step(value, low: low, inverse: inverse)) * size - value)
        largest = error > largest ? error : largest
      }
    }
    return largest
  }
}
