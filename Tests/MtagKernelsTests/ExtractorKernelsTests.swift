import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import MtagTestSupport
import Testing

/// Every level of the extractors' loops against naive loops in double precision: odd sizes, unaligned pointers, guards.
@Suite struct ExtractorKernelsTests {
  static let width = FeatureKernels.framesPerGroup

  /// Values in -1 ... 1, the same for the same seed.
  static func noise(_ count: Int, seed: UInt64) -> [Float] {
    var generator = RandomGenerator(seed: seed)
    return (0..<count).map { _ in Float(Int32(truncatingIfNeeded: generator.next() >> 32)) / Float(1 << 31) }
  }

  @Test(
    "sums over all bins and their peaks", arguments: Kernels.available,
    [(1, 1), (7, 3), (8, 40), (12, 129), (17, 65)])
  func denseSums(level: String, size: (rows: Int, depth: Int)) throws {
    let kernels = try Kernels.table(level: level).extractors
    let (rows, depth) = size
    let panels = (rows + 7) / 8
    let plain = Self.noise(rows * depth, seed: 1)
    var packed = [Float](repeating: 0, count: panels * depth * 8)
    for row in 0..<rows {
      for bin in 0..<depth { packed[(row / 8 * depth + bin) * 8 + row % 8] = plain[row * depth + bin] }
    }
    let bins = GuardedBuffer(Self.noise(depth * Self.width, seed: 2))
    let out = GuardedBuffer(repeating: 7, count: rows * Self.width)
    let peaks = GuardedBuffer(repeating: 0.25, count: Self.width)
    let weights = GuardedBuffer(packed)
    withExtendedLifetime((bins, weights)) {
      kernels.denseSums(out.pointer, peaks.pointer, bins.pointer, weights.pointer, rows, depth)
    }
    var expected: [Float] = []
    for row in 0..<rows {
      for frame in 0..<Self.width {
        expected.append(
          Float(
            (0..<depth).reduce(0.0) {
              $0 + Double(plain[row * depth + $1]) * Double(bins.pointer[$1 * Self.width + frame])
            }))
      }
    }
    expectClose(out.values, expected, absolute: 5e-6)
    for frame in 0..<Self.width {
      let column = stride(from: frame, to: rows * Self.width, by: Self.width).map { out.values[$0] }
      #expect(peaks.values[frame] == max(0.25, column.max() ?? 0))
    }
    #expect(out.isIntact && peaks.isIntact && bins.isIntact)
  }

  @Test("columns over their largest; silence stays", arguments: Kernels.available, [1, 2, 12, 33])
  func normalizeColumns(level: String, rows: Int) throws {
    let kernels = try Kernels.table(level: level).extractors
    var values = Self.noise(rows * Self.width, seed: 3).map { abs($0) }
    for row in 0..<rows {
      values[row * Self.width + 3] = 0
      values[row * Self.width + 5] = .leastNonzeroMagnitude
    }
    let buffer = GuardedBuffer(values)
    kernels.normalizeColumns(buffer.pointer, rows)
    let expected = values.indices.map { index -> Float in
      let column = stride(from: index % Self.width, to: values.count, by: Self.width).map { values[$0] }
      let largest = column.max() ?? 0
      return largest < .leastNormalMagnitude ? values[index] : values[index] / largest
    }
    expectClose(buffer.values, expected, relative: 1.2e-7)
    #expect(buffer.isIntact)
  }

  @Test("a copy is a copy, and raises the peaks", arguments: Kernels.available, [1, 2, 9])
  func copyWithPeaks(level: String, rows: Int) throws {
    let kernels = try Kernels.table(level: level).extractors
    let values = GuardedBuffer(Self.noise(rows * Self.width, seed: 4))
    let out = GuardedBuffer(repeating: 7, count: rows * Self.width)
    let peaks = GuardedBuffer(repeating: 0.5, count: Self.width)
    kernels.copyWithPeaks(out.pointer, peaks.pointer, values.pointer, rows)
    #expect(out.values == values.values)
    for frame in 0..<Self.width {
      let column = stride(from: frame, to: rows * Self.width, by: Self.width).map { out.values[$0] }
      #expect(peaks.values[frame] == max(0.5, column.max() ?? 0))
    }
    #expect(out.isIntact && peaks.isIntact)
  }

  @Test(
    "means of the smallest and the largest", arguments: Kernels.available,
    [(1, 1), (2, 1), (5, 5), (40, 3), (430, 9), (64, 33)])
  func extremes(level: String, size: (count: Int, taken: Int)) throws {
    let kernels = try Kernels.table(level: level).extractors
    let (count, taken) = size
    var values = Self.noise(count * Self.width, seed: 5).map { abs($0) }
    for bin in 0..<count { values[bin * Self.width + 4] = 0.125 }
    let bins = GuardedBuffer(values)
    let (valley, peak) = (
      GuardedBuffer(repeating: 7, count: Self.width), GuardedBuffer(repeating: 7, count: Self.width)
    )
    let scratch = GuardedBuffer(repeating: 7, count: 2 * Self.width * taken)
    kernels.extremes(valley.pointer, peak.pointer, bins.pointer, count, taken, scratch.pointer)
    for frame in 0..<Self.width {
      let sorted = (0..<count).map { Double(values[$0 * Self.width + frame]) }.sorted()
      let low = sorted.prefix(taken).reduce(0, +) / Double(taken)
      let high = sorted.suffix(taken).reduce(0, +) / Double(taken)
      expectClose(
        [valley.values[frame], peak.values[frame]], [Float(low), Float(high)], relative: 5e-7,
        "frame \(frame)")
    }
    #expect(valley.isIntact && peak.isIntact && scratch.isIntact && bins.isIntact)
  }

  @Test("mean rises from frame to frame", arguments: Kernels.available, [1, 2, 40])
  func rises(level: String, bands: Int) throws {
    let kernels = try Kernels.table(level: level).extractors
    let rowStride = Self.width + 3
    let levels = Self.noise(1 + bands * rowStride, seed: 6)
    let buffer = GuardedBuffer(levels)
    let out = GuardedBuffer(repeating: 7, count: Self.width)
    kernels.rises(out.pointer, buffer.pointer + 1, rowStride, bands)
    let expected = (0..<Self.width).map { frame -> Float in
      let sum = (0..<bands).reduce(0.0) { sum, band in
        let place = 1 + band * rowStride + frame
        return sum + max(0, Double(levels[place]) - Double(levels[place - 1]))
      }
      return Float(sum / Double(bands))
    }
    expectClose(out.values, expected, absolute: 1e-6)
    #expect(out.isIntact)
  }

  @Test("windowed autocorrelations over lag 0", arguments: Kernels.available, [2, 3, 17, 96, 384])
  func autocorrelations(level: String, lags: Int) throws {
    let kernels = try Kernels.table(level: level).extractors
    let window = (0..<lags).map { sin(Double.pi * (Double($0) + 0.5) / Double(lags)) }
    let weights = (0..<lags).flatMap { lag in (0..<lags - lag).map { Float(window[$0] * window[$0 + lag]) } }
    // The first frames see nothing but zeros.
    let silent = lags + 4
    for zeros in [0, silent] {
      var envelope = Self.noise(lags + 2 * Self.width, seed: 7).map { abs($0) }
      for index in 0..<zeros { envelope[index] = 0 }
      let out = GuardedBuffer(repeating: 7, count: lags * Self.width)
      let products = GuardedBuffer(repeating: 7, count: lags + 2 * Self.width)
      let inputs = (GuardedBuffer(envelope), GuardedBuffer(weights))
      withExtendedLifetime(inputs) {
        kernels.autocorrelations(
          out.pointer, products.pointer, inputs.0.pointer, inputs.1.pointer, lags)
      }
      var expected = [Float](repeating: 0, count: lags * Self.width)
      for frame in 0..<Self.width {
        let seen = (0..<lags).map { Double(envelope[frame + $0]) * window[$0] }
        let sums = (0..<lags).map { lag in
          (0..<lags - lag).reduce(0.0) { $0 + seen[$1] * seen[$1 + lag] }
        }
        for lag in 0..<lags where sums[0] > 0 {
          expected[lag * Self.width + frame] = Float(sums[lag] / sums[0])
        }
      }
      expectClose(out.values, expected, absolute: 2e-6)
      #expect(out.isIntact && products.isIntact)
    }
  }

  @Test(
    "energy normalisation over 100 frames, whatever is in them", arguments: Kernels.available, [0.5, 0.25, 1])
  func pcen(level: String, power: Float) throws {
    let kernels = try Kernels.table(level: level).extractors
    let (share, bands, groups, columns) = (0.06, 5, 7, 11)
    let (smoothing, decay) = Self.smoother(share)
    let rule = PCENRule(
      smoothing: smoothing.pointer, decay: decay.pointer, scale: 0x1p20, epsilon: 1e-6, gain: 0.98,
      inverseBias: 0.5, power: power, outputScale: pow(2, power))
    let state = GuardedBuffer(repeating: 1, count: bands)
    var smooth = [Double](repeating: 1, count: bands)
    for group in 0..<groups {
      // Bands of very different loudness; one is silent, and one is louder than a float's square allows.
      var values = Self.noise(bands * Self.width, seed: 8 + UInt64(group)).map { abs($0) }
      for index in values.indices { values[index] *= [1, 0, 1e-8, 1e6, 1e24][index / Self.width] }
      let out = GuardedBuffer(repeating: 7, count: bands * Self.width)
      let input = GuardedBuffer(values)
      withExtendedLifetime((input, smoothing, decay)) {
        kernels.pcen(out.pointer, Self.width, input.pointer, bands, columns, state.pointer, rule)
      }
      for band in 0..<bands {
        for frame in 0..<Self.width {
          let value = min(Double(values[band * Self.width + frame]) * 0x1p20, 1e30)
          smooth[band] = share * value + (1 - share) * smooth[band]
          let ratio = value * pow(1e-6 + smooth[band], -0.98) / 2
          let expected = pow(2, Double(power)) * expm1(Double(power) * log1p(ratio))
          let observed = out.values[band * Self.width + frame]
          if frame < columns {
            expectClose(
              [observed], [Float(expected)], relative: 4e-6, "group \(group) band \(band) frame \(frame)")
          } else {
            #expect(observed == 7, "wrote past the columns")
          }
        }
      }
      #expect(out.isIntact && state.isIntact)
    }
    #expect(state.values[1] < 1e-2 && state.values[1] > 0)
  }

  @Test("a clip as loud as a float can be gives numbers", arguments: Kernels.available)
  func loudest(level: String) throws {
    let kernels = try Kernels.table(level: level).extractors
    let (smoothing, decay) = Self.smoother(0.5)
    let rule = PCENRule(
      smoothing: smoothing.pointer, decay: decay.pointer, scale: 1e12, epsilon: 1e-12, gain: 0,
      inverseBias: 1e6,
      power: 1, outputScale: 1e-6)
    let state = GuardedBuffer(repeating: 1, count: 1)
    let out = GuardedBuffer(repeating: 7, count: Self.width)
    for value: Float in [.greatestFiniteMagnitude, 0, .leastNonzeroMagnitude, 1e30] {
      let values = GuardedBuffer(repeating: value, count: Self.width)
      kernels.pcen(out.pointer, Self.width, values.pointer, 1, Self.width, state.pointer, rule)
      #expect(out.values.allSatisfy { $0.isFinite && $0 >= 0 }, "\(value): \(out.values)")
    }
  }

  /// The weights of a smoother that takes `share` of each new value.
  private static func smoother(_ share: Double) -> (smoothing: GuardedBuffer, decay: GuardedBuffer) {
    let smoothing = (0..<width * width).map { index -> Float in
      let age = index % width - index / width
      return age < 0 ? 0 : Float(share * pow(1 - share, Double(age)))
    }
    return (
      GuardedBuffer(smoothing), GuardedBuffer((0..<width).map { Float(pow(1 - share, Double($0 + 1))) })
    )
  }
}
