import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import Testing

/// Every level of the sequence loops against naive loops in double precision: odd sizes, unaligned pointers, guards.
@Suite struct SequenceKernelsTests {
  private static func noise(_ count: Int, seed: UInt64, _ range: ClosedRange<Float> = -1...1) -> [Float] {
    var random = RandomGenerator(seed: seed)
    return (0..<count).map { _ in random.uniform(range.lowerBound, range.upperBound) }
  }

  private func relativeErrors(_ found: [Float], _ expected: [Double]) -> Double {
    zip(found, expected).map { abs(Double($0) - $1) / max(abs($1), Double(Float.leastNormalMagnitude)) }.max()
      ?? 0
  }

  @Test("softmax of rows of any length", arguments: Kernels.available, [1, 2, 15, 16, 17, 47, 160])
  func softmax(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).sequences
    let (rows, stride, scale) = (3, (count + 15) / 16 * 16 + 16, Float(0.7))
    let x = Self.noise(rows * stride, seed: 1, -20...20)
    let values = GuardedBuffer(x)
    kernels.softmax(values.pointer, stride, count, rows, scale)
    for row in 0..<rows {
      let powers = (0..<count).map { exp(Double(x[row * stride + $0]) * Double(scale)) }
      let total = powers.reduce(0, +)
      let found = Array(values.values[(row * stride)..<((row + 1) * stride)])
      #expect(relativeErrors(Array(found[..<count]), powers.map { $0 / total }) <= 3e-6)
      #expect(found[count..<((count + 15) / 16 * 16)].allSatisfy { $0 == 0 })
    }
    #expect(values.isIntact)
  }

  @Test("softmax keeps all digits of small numbers, and knows infinity", arguments: Kernels.available)
  func softmaxOfExtremes(level: String) throws {
    let kernels = try Kernels.table(level: level).sequences
    // Two scores, of which one is 0: the other's share is the sigmoid, whose tail is the exponential.
    for x in stride(from: Float(-87), through: 20, by: 0.173) {
      let values = GuardedBuffer([x, 0] + [Float](repeating: .nan, count: 14))
      kernels.softmax(values.pointer, 16, 2, 1, 1)
      #expect(relativeErrors([values.values[0]], [1 / (1 + exp(-Double(x)))]) <= 3e-7, "\(x)")
    }
    let cases: [([Float], [Float])] = [
      ([-.infinity, 3], [0, 1]), ([-300, 3], [0, 1]), ([1e30, 0], [1, 0]), ([5, 5], [0.5, 0.5]),
    ]
    for (scores, expected) in cases {
      let values = GuardedBuffer(scores + [Float](repeating: 0, count: 14))
      kernels.softmax(values.pointer, 16, 2, 1, 1)
      #expect(Array(values.values[..<2]) == expected)
    }
    let values = GuardedBuffer([0, .nan] + [Float](repeating: 0, count: 14))
    kernels.softmax(values.pointer, 16, 2, 1, 1)
    #expect(values.values[0].isNaN && values.values[1].isNaN)
  }

  @Test("tanh to the last digits, near zero and far out", arguments: Kernels.available)
  func tangent(level: String) throws {
    let kernels = try Kernels.table(level: level).sequences
    let exponents = stride(from: -30.0, through: 4, by: 0.01).map { Float(pow(2, $0)) }
    for x in exponents.flatMap({ [$0, -$0] }) + [0, 100, -100, .infinity, -.infinity] {
      // A GRU of one frame whose gate z is shut: its state is tanh of what goes into n.
      let gates = GuardedBuffer(
        [Float](repeating: x, count: 16) + [Float](repeating: 0, count: 16)
          + [Float](repeating: -200, count: 16)
          + [Float](repeating: 0, count: 16))
      let (states, other) = (
        GuardedBuffer(repeating: 0, count: 16), GuardedBuffer(repeating: 0, count: 16 * 64)
      )
      let run = RecurrentRun(
        frames: 1, batch: 1, hidden: 16, width: 16, isReversed: false, gates: gates.pointer,
        states: states.pointer,
        stateGradients: states.pointer, stateStride: 16, cells: other.pointer, weights: other.pointer,
        turnedWeights: other.pointer, bias: other.pointer, scratch: other.pointer + 512)
      kernels.gru(run, 0, 1)
      #expect(relativeErrors([states.values[3]], [tanh(Double(x))]) <= 2e-7, "\(x)")
      #expect(states.isIntact && gates.isIntact && other.isIntact)
    }
  }

  @Test("the gradient of softmax", arguments: Kernels.available, [1, 16, 29])
  func softmaxGradient(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).sequences
    let stride = (count + 15) / 16 * 16
    let probabilities = GuardedBuffer(
      (0..<(2 * stride)).map { $0 % stride < count ? Self.noise(2 * stride, seed: 2, 0...1)[$0] : 0 })
    let g = Self.noise(2 * stride, seed: 3)
    let gradients = GuardedBuffer(g)
    kernels.softmaxGradient(gradients.pointer, probabilities.pointer, stride, count, 2, 0.3)
    for row in 0..<2 {
      let p = probabilities.values[(row * stride)..<((row + 1) * stride)].map(Double.init)
      let mean = (0..<count).reduce(0.0) { $0 + p[$1] * Double(g[row * stride + $1]) }
      for i in 0..<stride {
        let expected = i < count ? 0.3 * p[i] * (Double(g[row * stride + i]) - mean) : 0
        #expect(abs(Double(gradients.values[row * stride + i]) - expected) <= 2e-6)
      }
    }
    #expect(gradients.isIntact && probabilities.isIntact)
  }

  @Test("layer norm keeps its digits where the mean is large", arguments: Kernels.available)
  func layerNorm(level: String) throws {
    let kernels = try Kernels.table(level: level).sequences
    let (stride, channels, pixels) = (32, 19, 5)
    let x = (0..<(pixels * stride)).map { index in
      index % stride < channels ? 1000 + Self.noise(pixels * stride, seed: 4)[index] : 0
    }
    let inputs = GuardedBuffer(x)
    let (y, statistics) = (
      GuardedBuffer(repeating: 7, count: pixels * stride), GuardedBuffer(repeating: 7, count: 2 * pixels)
    )
    let padded = { (value: Float) in GuardedBuffer((0..<stride).map { $0 < channels ? value : 0 }) }
    let (weight, bias, mask) = (padded(2), padded(0.5), padded(1))
    withExtendedLifetime((inputs, weight, bias, mask)) {
      kernels.layerNorm(
        LayerNormRun(
          stride: stride, channels: channels, epsilon: 1e-5, x: inputs.pointer, y: y.pointer,
          weight: weight.pointer,
          bias: bias.pointer, mask: mask.pointer, statistics: statistics.pointer,
          outputGradient: inputs.pointer,
          inputGradient: nil, sums: y.pointer), 0, pixels)
    }
    for pixel in 0..<pixels {
      let values = x[(pixel * stride)..<(pixel * stride + channels)].map(Double.init)
      let mean = values.reduce(0, +) / Double(channels)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(channels)
      for channel in 0..<stride {
        let expected =
          channel < channels ? 2 * (values[channel] - mean) / (variance + 1e-5).squareRoot() + 0.5 : 0
        // The mean itself is rounded to 6e-5.
        #expect(abs(Double(y.values[pixel * stride + channel]) - expected) <= 1e-3)
      }
    }
    #expect(y.isIntact && statistics.isIntact)
  }

  @Test("sums of columns, to the digits of double precision", arguments: Kernels.available)
  func columnSums(level: String) throws {
    let kernels = try Kernels.table(level: level).sequences
    let (columns, stride, rows) = (32, 48, 1001)
    let x = Self.noise(rows * stride, seed: 5)
    var sums = [Double](repeating: 0.5, count: columns)
    x.withUnsafeBufferPointer { x in
      sums.withUnsafeMutableBufferPointer {
        guard let (to, from) = zip2($0.baseAddress, x.baseAddress) else { return }
        kernels.columnSums(to, from, stride, columns, 1, rows - 1)
      }
    }
    for column in 0..<columns {
      let expected = (1..<rows).reduce(0.5) { $0 + Double(x[$1 * stride + column]) }
      #expect(abs(sums[column] - expected) <= 1e-4)
    }
  }

  @Test("weighted rows and scaled sums of any length", arguments: Kernels.available, [1, 7, 16, 63, 64, 131])
  func rows(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).sequences
    let (rows, stride) = (5, count + 3)
    let (x, weights) = (
      GuardedBuffer(Self.noise(rows * stride, seed: 6)), GuardedBuffer(Self.noise(rows, seed: 7))
    )
    let out = GuardedBuffer(repeating: 7, count: count)
    kernels.weightedRows(out.pointer, x.pointer, stride, weights.pointer, rows, count)
    for i in 0..<count {
      let expected = (0..<rows).reduce(0.0) {
        $0 + Double(weights.values[$1]) * Double(x.values[$1 * stride + i])
      }
      #expect(abs(Double(out.values[i]) - expected) <= 1e-6)
    }
    for (outStride, xStride) in [(1, 1), (1, 2), (3, 1)] {
      let source = GuardedBuffer(Self.noise(count * xStride, seed: 8))
      let target = GuardedBuffer(Self.noise(count * outStride, seed: 9))
      let before = target.values
      kernels.addScaled(target.pointer, outStride, source.pointer, xStride, 0.3, count)
      for i in 0..<(count * outStride) {
        let added = i % outStride == 0 ? 0.3 * source.values[i / outStride * xStride] : 0
        #expect(abs(target.values[i] - before[i] - added) <= 1e-6)
      }
      #expect(target.isIntact && source.isIntact)
    }
    #expect(out.isIntact && x.isIntact)
  }

  private func zip2<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
    guard let a, let b else { return nil }
    return (a, b)
  }
}
