import MtagKernelTypes

func activate(
  _ function: ActivationFunction, _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int
) {
  switch function {
  case .relu: forValues(y, x, count) { larger($0, .zero) }
  case .relu6: forValues(y, x, count) { smaller(larger($0, .zero), Lanes(repeating: 6)) }
  case .elu:
    forValues(y, x, count) {
      exponentialLessOneBelowZero(smaller($0, .zero)).replacing(with: $0, where: $0 .> .zero)
    }
  case .gelu:
    forValues(y, x, count) { x in
      let tail = x * NormalTail(x).share
      return tail.replacing(with: x - tail, where: x .> .zero)
    }
  case .silu: forValues(y, x, count) { $0 * logistic($0) }
  case .hardSwish: forValues(y, x, count) { $0 * hardLogistic($0) }
  case .hardSigmoid: forValues(y, x, count) { hardLogistic($0) }
  case .sigmoid: forValues(y, x, count) { logistic($0) }
  case .tanh: forValues(y, x, count) { hyperbolicTangent($0) }
  }
}

func activationGradient(
  _ function: ActivationFunction, _ dx: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>,
  _ dy: UnsafePointer<Float>, _ count: Int
) {
  let one = Lanes(repeating: 1)
  switch function {
  case .relu: forGradients(dx, x, dy, count) { x, g in g.replacing(with: 0, where: x .<= .zero) }
  case .relu6:
    forGradients(dx, x, dy, count) { x, g in
      g.replacing(with: 0, where: x .<= .zero).replacing(with: 0, where: x .>= Lanes(repeating: 6))
    }
  case .elu:
    forGradients(dx, x, dy, count) { x, g in
      (g * exponential(smaller(x, .zero))).replacing(with: g, where: x .> .zero)
    }
  case .gelu:
    forGradients(dx, x, dy, count) { x, g in
      // Φ(x) + x φ(x)
      let tail = NormalTail(x)
      let share = tail.share.replacing(with: one - tail.share, where: x .> .zero)
      return g * multiplyAdd(share, x * Lanes(repeating: 0.398_942_28), tail.bell)
    }
  case .silu:
    forGradients(dx, x, dy, count) { x, g in
      let (s, rest) = logisticAndRest(x)
      return g * multiplyAdd(s, x * s, rest)
    }
  case .hardSwish:
    forGradients(dx, x, dy, count) { x, g in
      let three = Lanes(repeating: 3)
      let slope = multiplyAdd(Lanes(repeating: 0.5), 1 / 3, x)
      return g * slope.replacing(with: 0, where: x .< -three).replacing(with: 1, where: x .> three)
    }
  case .hardSigmoid:
    forGradients(dx, x, dy, count) { x, g in
      let three = Lanes(repeating: 3)
      return (g * Lanes(repeating: 1 / 6)).replacing(with: 0, where: x .<= -three)
        .replacing(with: 0, where: x .>= three)
    }
  case .sigmoid:
    forGradients(dx, x, dy, count) { x, g in
      let (s, rest) = logisticAndRest(x)
      return g * s * rest
    }
  case .tanh:
    forGradients(dx, x, dy, count) { x, g in
      let t = hyperbolicTangent(x)
      return g * multiplyAdd(one, -t, t)
    }
  }
}

func decibels(
  _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ floor: Float, _ count: Int
) {
  let perOctave = Lanes(repeating: 3.010_299_957)
  forValues(y, x, count) {
    let log = splitLog2(larger($0, Lanes(repeating: floor)))
    // What is not a number or infinite has no octaves: it stays as it is.
    return ((log.octaves + log.rest) * perOctave)
      .replacing(with: $0, where: $0 .!= $0)
      .replacing(with: $0, where: $0 .> Lanes(repeating: .greatestFiniteMagnitude))
  }
}

func decibelGradient(
  _ dx: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ floor: Float,
  _ count: Int
) {
  forGradients(dx, x, dy, count) { x, g in
    let floor = Lanes(repeating: floor)
    // 10 / ln 10
    return (g * Lanes(repeating: 4.342_944_8) / larger(x, floor)).replacing(with: 0, where: x .< floor)
  }
}

// MARK: - Functions

/// 1 / (1 + e⁻ˣ)
@inline(__always) private func logistic(_ x: Lanes) -> Lanes {
  let one = Lanes(repeating: 1)
  return one / (one + exponential(-x))
}

/// The same, and what it lacks of 1, with all digits.
@inline(__always) private func logisticAndRest(_ x: Lanes) -> (share: Lanes, rest: Lanes) {
  let one = Lanes(repeating: 1)
  let e = exponential(-x)
  let share = one / (one + e)
  return (share, e * share)
}

/// relu6(x + 3) / 6
@inline(__always) private func hardLogistic(_ x: Lanes) -> Lanes {
  let shifted = x + Lanes(repeating: 3)
  return smaller(larger(shifted, .zero), Lanes(repeating: 6)) * Lanes(repeating: 1 / 6)
}

/// From e^(−2|x|) − 1, which keeps all digits near 0.
@inline(__always) private func hyperbolicTangent(_ x: Lanes) -> Lanes {
  let e = exponentialLessOneBelowZero(magnitude(x) * Lanes(repeating: -2))
  let t = e / (e + Lanes(repeating: 2))
  return t.replacing(with: -t, where: x .> .zero)
}

/// Φ(−|x|), the share of the normal distribution beyond |x|, and e^(−x²/2).
///
/// With z = |x| / √2 the share is ½ erfc(z), and erfc(z) e^(z²) is t P(t), t = 1 / (1 + 0.375 z): a polynomial fitted to SciPy's
/// `erfcx` for z up to 9.5, off by 1.2e-8 of itself.
private struct NormalTail {
  let share: Lanes
  let bell: Lanes

  @inline(__always) init(_ x: Lanes) {
    let one = Lanes(repeating: 1)
    bell = exponential(x * x * Lanes(repeating: -0.5))
    let t = one / multiplyAdd(one, 0.375 * 0.707_106_78, magnitude(x))
    var p = Lanes(repeating: 0.061_696_615)
    p = multiplyAdd(Lanes(repeating: -0.288_075_380_6), p, t)
    p = multiplyAdd(Lanes(repeating: 0.433_893_779_5), p, t)
    p = multiplyAdd(Lanes(repeating: -0.231_076_426_3), p, t)
    p = multiplyAdd(Lanes(repeating: 0.274_844_127_9), p, t)
    p = multiplyAdd(Lanes(repeating: 0.121_038_925_9), p, t)
    p = multiplyAdd(Lanes(repeating: 0.205_430_425_9), p, t)
    p = multiplyAdd(Lanes(repeating: 0.210_633_498_8), p, t)
    p = multiplyAdd(Lanes(repeating: 0.211_614_415_4), p, t)
    share = bell * t * p * Lanes(repeating: 0.5)
  }
}

// MARK: - Loops

@inline(__always) private func forValues(
  _ y: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ count: Int, _ function: (Lanes) -> Lanes
) {
  var i = 0
  while i < count {
    let rest = count - i
    let value = function(rest >= laneCount ? load(x + i) : loadSome(x + i, rest))
    if rest >= laneCount { store(y + i, value) } else { storeSome(y + i, value, rest) }
    i += laneCount
  }
}

@inline(__always) private func forGradients(
  _ dx: UnsafeMutablePointer<Float>, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ count: Int,
  _ function: (_ x: Lanes, _ gradient: Lanes) -> Lanes
) {
  var i = 0
  while i < count {
    let rest = count - i
    if rest >= laneCount {
      store(dx + i, function(load(x + i), load(dy + i)))
    } else {
      storeSome(dx + i, function(loadSome(x + i, rest), loadSome(dy + i, rest)), rest)
    }
    i += laneCount
  }
}

/// The first `count` lanes, zeros in the others.
@inline(__always) func loadSome(_ x: UnsafePointer<Float>, _ count: Int) -> Lanes {
  var lanes = Lanes.zero
  for i in 0..<count { lanes[i] = x[i] }
  return lanes
}

@inline(__always) func storeSome(_ y: UnsafeMutablePointer<Float>, _ value: Lanes, _ count: Int) {
  for i in 0..<count { y[i] = value[i] }
}
