/// A seeded generator of random numbers, the same on every platform: xoshiro256**, seeded by SplitMix64.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators" (2021); public-domain algorithms.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Hashable, Codable {
  private var state: [UInt64]

  /// Makes a generator from a seed. `stream` gives independent generators for one seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    var mixer = SplitMix64(state: seed)
    mixer.state = mixer.next() ^ (stream &* 0xD1B5_4A32_D192_ED03)
    state = (0..<4).map { _ in mixer.next() }
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotateLeft(state[1] &* 5, 7) &* 9
    let shifted = state[1] << 17
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotateLeft(state[3], 45)
    return result
  }

  /// A uniform number in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A uniform number in [low, high).
  public mutating func uniform(_ low: Float, _ high: Float) -> Float { low + (high - low) * uniform() }

  /// A number from nearly the normal distribution with deviation 1 (the sum of twelve uniform ones, the same on every platform),
  /// drawn again beyond ±2.
  public mutating func truncatedNormal() -> Float {
    while true {
      let value = (0..<12).reduce(Float(-6)) { sum, _ in sum + uniform() }
      if abs(value) <= 2 { return value }
    }
  }

  /// A whole number in 0 ..< bound; `bound` must be positive. The bias is below 2⁻³² for bounds under 2³².
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "bound \(bound) must be ≥ 1")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Fisher and Yates' shuffle, in an order that depends on the seed alone (the standard library promises none).
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var result = elements
    for i in stride(from: result.count - 1, to: 0, by: -1) { result.swapAt(i, index(below: i + 1)) }
    return result
  }

  private func rotateLeft(_ x: UInt64, _ bits: UInt64) -> UInt64 { (x << bits) | (x >> (64 - bits)) }
}

/// SplitMix64: a counter and a mixing function; used for seeding and for dropout masks.
///
/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
public struct SplitMix64: Sendable {
  /// The counter.
  public var state: UInt64

  /// Starts at a counter value.
  public init(state: UInt64) { self.state = state }

  /// Advances the counter and returns its mixed bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
