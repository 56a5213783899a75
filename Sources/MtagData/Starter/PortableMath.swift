/// Sine and powers of two from additions and multiplications alone, so that the starter set has the same bytes whatever
/// mathematics library a platform brings.
enum PortableMath {
  /// sin(2π `turns`), to within 1e-6, by Taylor's series on a quarter turn.
  @inline(__always)
  static func sine(turns: Float) -> Float {
    let part = turns - turns.rounded(.toNearestOrEven)
    // sin is symmetric about a quarter turn: fold the half turn on it.
    let folded = 0.25 - abs(abs(part) - 0.25)
    let x = (part < 0 ? -folded : folded) * 6.283_185_5
    let square = x * x
    let tail = square * (-1 / 5040 + square * (1 / 362_880 - square * (1 / 39_916_800)))
    return x * (1 + square * (-1 / 6 + square * (1 / 120 + tail)))
  }

  /// 2 to a power, to within 1e-12 relative.
  static func powerOfTwo(_ exponent: Double) -> Double {
    let whole = exponent.rounded(.down)
    let x = (exponent - whole) * 0.693_147_180_559_945_3
    var term = 1.0
    var sum = 1.0
    for index in 1...16 {
      term *= x / Double(index)
      sum += term
    }
    return Double(sign: .plus, exponent: Int(whole), significand: sum)
  }

  /// The frequency of a key in Hz: 69 is 440 Hz, 12 keys an octave.
  static func frequencyHz(key: Double) -> Double { 440 * powerOfTwo((key - 69) / 12) }

  /// The factor per sample that makes a level fall by 60 dB in a time.
  static func decayFactor(seconds: Double, sampleRateHz: Int) -> Float {
    // 60 dB are a factor of 1000, which is 2 to the 9.9658.
    Float(powerOfTwo(-9.965_784_284_662_087 / (seconds * Double(sampleRateHz))))
  }
}
