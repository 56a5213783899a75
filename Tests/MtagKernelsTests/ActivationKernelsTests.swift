import Foundation
import MtagKernelTypes
import MtagKernels
import Testing

/// The element-wise functions against their formulas in double precision.
@Suite struct ActivationKernelsTests {
  /// A fine grid, the corners of the piecewise functions, and numbers of every size.
  static let points: [Float] =
    (-1200...1200).map { Float($0) / 97 } + [-6, -3, 0, 3, 6]
    + (-30...6).flatMap { exponent in
      [-1.37, 1.37].map { $0 * Float(sign: .plus, exponent: exponent, significand: 1) }
    }
    + [-1e4, -1e4, -300, 300, 1e4]

  static let grid = Kernels.available.flatMap { level in ActivationFunction.allCases.map { (level, $0) } }

  /// The value and the slope.
  static func reference(_ function: ActivationFunction, _ x: Double) -> (value: Double, slope: Double) {
    let logistic = 1 / (1 + exp(-x))
    let normal = 0.5 * erfc(-x / 2.0.squareRoot())
    let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
    switch function {
    case .relu: return (max(0, x), x > 0 ? 1 : 0)
    case .relu6: return (min(max(0, x), 6), x > 0 && x < 6 ? 1 : 0)
    case .elu: return (x > 0 ? x : expm1(x), x > 0 ? 1 : exp(x))
    case .gelu: return (x * normal, normal + x * density)
    case .silu: return (x * logistic, logistic * (1 + x * (1 - logistic)))
    case .hardSwish:
      return (x * min(max(0, x + 3), 6) / 6, x < -3 ? 0 : x <= 3 ? x / 3 + 0.5 : 1)
    case .hardSigmoid: return (min(max(0, x + 3), 6) / 6, x > -3 && x < 3 ? 1.0 / 6 : 0)
    case .sigmoid: return (logistic, logistic * (1 - logistic))
    case .tanh: return (tanh(x), 1 - tanh(x) * tanh(x))
    }
  }

  @Test("values are those of the formulas", arguments: grid)
  func values(_ level: String, _ function: ActivationFunction) throws {
    let kernels = try Kernels.table(level: level).pointwise
    let x = GuardedBuffer(Self.points)
    let y = GuardedBuffer(repeating: .nan, count: x.count)
    kernels.activate(function, y.pointer, x.pointer, x.count)
    for (x, y) in zip(Self.points, y.values) {
      let expected = Self.reference(function, Double(x)).value
      #expect(
        abs(Double(y) - expected) <= 3e-7 * max(abs(expected), min(1, abs(Double(x)))), "f(\(x)) = \(y)")
    }
    #expect(y.isIntact)
    kernels.activate(function, x.pointer, x.pointer, x.count)
    #expect(x.values == y.values, "in place")
  }

  @Test("gradients are the slopes times what came", arguments: grid)
  func gradients(_ level: String, _ function: ActivationFunction) throws {
    let kernels = try Kernels.table(level: level).pointwise
    let x = GuardedBuffer(Self.points)
    let dy = GuardedBuffer(Self.points.indices.map { Float($0 % 7) - 3 })
    let dx = GuardedBuffer(repeating: .nan, count: x.count)
    kernels.activationGradient(function, dx.pointer, x.pointer, dy.pointer, x.count)
    for i in Self.points.indices {
      let expected = Self.reference(function, Double(Self.points[i])).slope * Double(dy.values[i])
      #expect(abs(Double(dx.values[i]) - expected) <= 2e-6, "f'(\(Self.points[i])) = \(dx.values[i])")
    }
    #expect(dx.isIntact)
    kernels.activationGradient(function, dy.pointer, x.pointer, dy.pointer, x.count)
    #expect(dy.values == dx.values, "in place")
  }

  @Test("any number of values, and what is not a number stays none", arguments: grid)
  func lengths(_ level: String, _ function: ActivationFunction) throws {
    let kernels = try Kernels.table(level: level).pointwise
    let all = GuardedBuffer(Self.points)
    let whole = GuardedBuffer(repeating: 0, count: all.count)
    kernels.activate(function, whole.pointer, all.pointer, all.count)
    for count in 0..<40 {
      let y = GuardedBuffer(repeating: .nan, count: count)
      kernels.activate(function, y.pointer, all.pointer, count)
      #expect(y.values == Array(whole.values.prefix(count)) && y.isIntact)
    }
    let bad = GuardedBuffer([.nan])
    kernels.activate(function, bad.pointer, bad.pointer, 1)
    #expect(bad.values[0].isNaN)
  }

  @Test("decibels and their gradient", arguments: Kernels.available)
  func decibels(_ level: String) throws {
    let kernels = try Kernels.table(level: level).pointwise
    let floor: Float = 1e-5
    let values: [Float] = [-1, 0, 1e-12, 0.9e-5, 1.1e-5, 0.3, 1, 2, 12_345.6, 3e20]
    let x = GuardedBuffer(values)
    let y = GuardedBuffer(repeating: 2, count: values.count)
    let dx = GuardedBuffer(repeating: 2, count: values.count)
    kernels.decibelGradient(dx.pointer, x.pointer, y.pointer, floor, values.count)
    kernels.decibels(y.pointer, x.pointer, floor, values.count)
    for i in values.indices {
      let x = Double(values[i])
      #expect(abs(Double(y.values[i]) - 10 * log10(max(x, Double(floor)))) <= 3e-5)
      let slope = x < Double(floor) ? 0 : 20 / (log(10) * x)
      #expect(abs(Double(dx.values[i]) - slope) <= 1e-6 * slope)
    }
    #expect(y.isIntact && dx.isIntact)
  }

  @Test("decibels do not hide what is not a number", arguments: Kernels.available)
  func decibelsOfNoNumber(_ level: String) throws {
    let kernels = try Kernels.table(level: level).pointwise
    let x = GuardedBuffer([.nan, .infinity, -.infinity, 0, 100] + [Float](repeating: .nan, count: 30))
    let y = GuardedBuffer(repeating: 7, count: 35)
    kernels.decibels(y.pointer, x.pointer, 1e-10, 35)
    #expect(y.values[0].isNaN && y.values[5...].allSatisfy { $0.isNaN })
    #expect(y.values[1] == .infinity && abs(y.values[2] + 100) < 1e-3 && abs(y.values[4] - 20) < 1e-4)
  }
}
