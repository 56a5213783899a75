/// 16-bit floats (IEEE 754 binary16) as bit patterns: Swift's own `Float16` is missing on some of our platforms.
package enum HalfFloat {
  /// The largest finite value.
  package static let largest: Float = 65_504

  /// The nearest half; ties go to the even one. Values beyond the largest become infinite.
  package static func pattern(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: (bits >> 16) & 0x8000)
    let magnitude = bits & 0x7fff_ffff
    if magnitude > 0x7f80_0000 { return sign | 0x7e00 }
    // Half of a unit above 65,504 rounds up to infinity.
    if magnitude >= 0x477f_f000 { return sign | 0x7c00 }
    if magnitude < 0x3880_0000 {
      // Subnormal: so many units of 2⁻²⁴, rounded to even.
      let units = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      return sign | UInt16(units)
    }
    let rounded = magnitude + 0x0fff + ((magnitude >> 13) & 1)
    return sign | UInt16((rounded >> 13) - 0x1c000)
  }

  /// The value of a pattern.
  package static func single(_ pattern: UInt16) -> Float {
    let (exponent, fraction) = (Int(pattern >> 10 & 0x1f), Float(pattern & 0x3ff))
    let magnitude: Float =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction * 0x1p-10)
      }
    return pattern & 0x8000 == 0 ? magnitude : -magnitude
  }
}
