import Foundation
import MtagCore
import MtagKernelTypes
import MtagKernels
import MtagTestSupport
import Testing

/// Every level of the feature loops against naive loops in double precision: odd sizes, unaligned pointers.
@Suite struct FeatureKernelsTests {
  static let sizes = [1, 2, 3, 5, 15, 16, 17, 33, 100]
  static let width = FeatureKernels.framesPerGroup

  /// Values in -1 ... 1 that start one float past a 64-byte boundary.
  struct Unaligned: ~Copyable {
    let buffer: AlignedBuffer
    var pointer: UnsafeMutablePointer<Float> { buffer.pointer + 1 }
    var values: [Float] { Array(buffer.readOnly.dropFirst()) }

    init(count: Int, seed: UInt64, fill: Float? = nil) {
      buffer = AlignedBuffer(count: count + 1)
      var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
      for index in 0..<count + 1 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        buffer.pointer[index] = fill ?? Float(Int64(bitPattern: state) >> 32) / Float(1 << 31)
      }
    }
  }

  @Test("the window is multiplied in, to the bit", arguments: Kernels.available, sizes)
  func applyWindow(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).features
    let samples = Unaligned(count: count, seed: 1)
    let window = Unaligned(count: count, seed: 2)
    let out = Unaligned(count: count + 1, seed: 3, fill: 7)
    kernels.applyWindow(out.pointer, samples.pointer, window.pointer, count)
    let products = zip(samples.values, window.values).map { $0 * $1 }
    #expect(Array(out.values.prefix(count)) == products)
    #expect(out.values[count] == 7, "wrote past the end")
  }

  @Test("a frame's mean, pre-emphasis and window; the same bits at every level", arguments: sizes + [400])
  func centerFrame(count: Int) throws {
    for (removesMean, coefficient) in [(false, 0.97), (true, 0), (true, 0.97)] as [(Bool, Float)] {
      var results: [[Float]] = []
      for level in Kernels.available {
        let kernels = try Kernels.table(level: level).features
        let samples = Unaligned(count: count, seed: 15)
        let window = Unaligned(count: count, seed: 16)
        let out = Unaligned(count: count + 1, seed: 17, fill: 7)
        kernels.centerFrame(
          out.pointer, samples.pointer, window.pointer, count, removesMean, coefficient)
        #expect(out.values[count] == 7, "wrote past the end")
        let values = samples.values.map { Double($0) }
        let mean = removesMean ? values.reduce(0, +) / Double(count) : 0
        let expected = (0..<count).map { index in
          let before = values[max(index - 1, 0)] - mean
          return Float((values[index] - mean - Double(coefficient) * before) * Double(window.values[index]))
        }
        results.append(Array(out.values.prefix(count)))
        expectClose(results[results.count - 1], expected, absolute: 4e-7, "\(level) \(removesMean)")
      }
      #expect(Set(results).count == 1)
    }
  }

  @Test("a frame in double precision; the same bits at every level", arguments: sizes + [400])
  func windowInDouble(count: Int) throws {
    for (removesMean, coefficient) in [(false, 0), (false, 0.97), (true, 0), (true, 0.97)] as [(Bool, Float)]
    {
      let samples = Unaligned(count: count, seed: 20)
      let window = Unaligned(count: count, seed: 21).values.map { Double($0) / 3 }
      let values = samples.values.map { Double($0) }
      let mean = removesMean ? values.reduce(0, +) / Double(count) : 0
      for level in Kernels.available {
        var out = [Double](repeating: 7, count: count + 1)
        let kernels = try Kernels.table(level: level).features
        kernels.windowInDouble(&out, samples.pointer, window, count, removesMean, coefficient)
        for index in 0..<count {
          let before = Double(coefficient) * (values[max(index - 1, 0)] - mean)
          #expect(out[index] == (values[index] - mean - before) * window[index], "\(level) \(index)")
        }
        #expect(out[count] == 7, "wrote past the end")
      }
    }
  }

  @Test("doubles are rounded to the nearest float", arguments: Kernels.available, sizes)
  func roundToSingle(level: String, count: Int) throws {
    let values = Unaligned(count: count, seed: 22).values.map { Double($0) / 3 }
    var out = [Float](repeating: 7, count: count + 1)
    try Kernels.table(level: level).features.roundToSingle(&out, values, count)
    #expect(out == values.map { Float($0) } + [7])
  }

  @Test("pre-emphasis to the bit, also in place", arguments: Kernels.available, sizes)
  func emphasize(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).features
    let samples = Unaligned(count: count + 1, seed: 18)
    let expected = (0..<count).map { samples.pointer[$0 + 1] - 0.97 * samples.pointer[$0] }
    let out = Unaligned(count: count + 1, seed: 19, fill: 7)
    kernels.emphasize(out.pointer, samples.pointer, count, 0.97)
    #expect(out.values == expected + [7])
    let last = samples.pointer[count]
    kernels.emphasize(samples.pointer, samples.pointer, count, 0.97)
    #expect(samples.values == expected + [last])
  }

  @Test("the largest magnitude is found wherever it stands", arguments: Kernels.available, sizes)
  func largestMagnitude(level: String, count: Int) throws {
    let kernels = try Kernels.table(level: level).features
    for place in 0..<count {
      for value: Float in [-3, 5, .infinity, -.infinity, .nan, -.nan] {
        let samples = Unaligned(count: count, seed: 4)
        samples.pointer[place] = value
        #expect(kernels.largestMagnitudeBits(samples.pointer, count) == value.bitPattern & 0x7fff_ffff)
      }
    }
  }

  @Test("squares are added column by column, as a scalar loop does, to the bit", arguments: Kernels.available)
  func addSquares(level: String) throws {
    let kernels = try Kernels.table(level: level).features
    for count in [0, 16, 48, 4096] {
      let samples = Unaligned(count: count, seed: 5)
      let sums = Unaligned(count: Self.width, seed: 6)
      var expected = sums.values
      for index in 0..<count {
        expected[index % Self.width] += samples.pointer[index] * samples.pointer[index]
      }
      kernels.addSquares(sums.pointer, samples.pointer, count)
      #expect(sums.values == expected)
    }
  }

  @Test("power and magnitude of 16 spectra, turned", arguments: Kernels.available, sizes)
  func binValues(level: String, bins: Int) throws {
    let kernels = try Kernels.table(level: level).features
    let (firstBin, padded) = (3, (bins + 3) / 4 * 4)
    let rowStride = 2 * (firstBin + padded) + 1
    let spectra = Unaligned(count: Self.width * rowStride, seed: 7)
    // Zero, and numbers whose squares are near the ends of a float's range.
    for (frame, value) in [(0, 0), (1, 1e-17), (2, 1e18)] as [(Int, Float)] {
      (spectra.pointer + frame * rowStride + 2 * firstBin).update(repeating: value, count: 2)
    }
    for takesRoot in [false, true] {
      let out = Unaligned(count: padded * Self.width + 1, seed: 8, fill: 7)
      kernels.binValues(out.pointer, spectra.pointer, rowStride, firstBin, bins, takesRoot)
      var expected: [Float] = []
      for bin in 0..<bins {
        for frame in 0..<Self.width {
          let z = spectra.pointer + frame * rowStride + 2 * (firstBin + bin)
          let power = Double(z[0]) * Double(z[0]) + Double(z[1]) * Double(z[1])
          expected.append(Float(takesRoot ? power.squareRoot() : power))
        }
      }
      expectClose(Array(out.values.prefix(expected.count)), expected, relative: 3e-7)
      #expect(out.values[padded * Self.width] == 7, "wrote past the end")
    }
  }

  @Test("band sums and their peaks", arguments: Kernels.available)
  func bandSums(level: String) throws {
    let kernels = try Kernels.table(level: level).features
    let counts: [Int32] = [0, 1, 2, 3, 0, 5, 15, 16, 17, 40]
    let firsts: [Int32] = [0, 0, 1, 2, 0, 3, 7, 20, 30, 23]
    let bins = Unaligned(count: 63 * Self.width, seed: 9)
    let weights = Unaligned(count: Int(counts.reduce(0, +)), seed: 10)
    let out = Unaligned(count: counts.count * Self.width, seed: 11)
    let peaks = Unaligned(count: Self.width, seed: 12, fill: 0.25)
    firsts.withUnsafeBufferPointer { firsts in
      counts.withUnsafeBufferPointer { counts in
        let table = BandTable(
          bands: counts.count, firstBins: firsts.baseAddress!, binCounts: counts.baseAddress!,
          weights: weights.pointer)
        kernels.bandSums(out.pointer, peaks.pointer, bins.pointer, table)
      }
    }
    var (expected, offset): ([Float], Int) = ([], 0)
    for band in counts.indices {
      for frame in 0..<Self.width {
        let sum = (0..<Int(counts[band])).reduce(0.0) { sum, index in
          let bin = (Int(firsts[band]) + index) * Self.width + frame
          return sum + Double(weights.pointer[offset + index]) * Double(bins.pointer[bin])
        }
        expected.append(Float(sum))
      }
      offset += Int(counts[band])
    }
    expectClose(out.values, expected, absolute: 2e-6)
    for frame in 0..<Self.width {
      let column = stride(from: frame, to: out.values.count, by: Self.width).map { out.values[$0] }
      #expect(peaks.values[frame] == max(0.25, column.max() ?? 0))
    }
  }

  @Test(
    "levels are within one unit in the last place of the exact dB, and 0 dB is exact",
    arguments: Kernels.available)
  func levelAccuracy(level: String) throws {
    let kernels = try Kernels.table(level: level).features
    // Every 4099th bit pattern of the normal floats from 1e-30 to 1e30: all exponents and mantissas of all kinds.
    let patterns = stride(from: Float(1e-30).bitPattern, to: Float(1e30).bitPattern, by: 4099)
    let values = patterns.map { Float(bitPattern: $0) }
    let bands = values.count / Self.width
    for reference: Float in [1, 0.7, 3.3e5] {
      let rule = LevelRule(
        valueScale: 1, minimum: 1e-36, reference: reference, perOctave: 3.010_299_9,
        floor: -.infinity)
      var out = [Float](repeating: 0, count: bands * Self.width)
      out.withUnsafeMutableBufferPointer { out in
        kernels.levels(out.baseAddress!, Self.width, values, bands, Self.width, rule)
      }
      let exact = values.prefix(out.count).map { Float(10 * log10(Double($0) / Double(reference))) }
      // 4e-7 for the rounded mantissas near 0 dB, and 1.5 of the largest relative rounding of a float.
      let largest = expectClose(
        out, exact, absolute: 4e-7, relative: 1.8e-7, "\(level), reference \(reference):")
      #expect(largest > 0)
      var zero: [Float] = [1]
      let same = [Float](repeating: reference, count: Self.width)
      zero.withUnsafeMutableBufferPointer { kernels.levels($0.baseAddress!, 1, same, 1, 1, rule) }
      #expect(zero == [0])
    }
  }

  @Test("levels: scale, minimum, floor, and any number of columns", arguments: Kernels.available, 1...16)
  func levelRules(level: String, columns: Int) throws {
    let kernels = try Kernels.table(level: level).features
    let rule = LevelRule(
      valueScale: 4, minimum: 1e-3, reference: 2, perOctave: 6.020_599_8, floor: -40)
    let values = Unaligned(count: 3 * Self.width, seed: 13)
    values.pointer[0] = 0
    let (outStride, bands) = (columns + 2, 3)
    let out = Unaligned(count: bands * outStride, seed: 14, fill: 7)
    kernels.levels(out.pointer, outStride, values.pointer, bands, columns, rule)
    for band in 0..<bands {
      let expected = (0..<columns).map { column in
        let value = max(Double(values.pointer[band * Self.width + column]) * 4, 1e-3)
        return Float(max(20 * log10(value / 2), -40))
      }
      let row = Array(out.values[(band * outStride)..<((band + 1) * outStride)])
      expectClose(Array(row.prefix(columns)), expected, absolute: 8e-6)
      #expect(row.suffix(2) == [7, 7], "wrote past the row")
    }
  }

  @Test("levels: every law, with gain, offset, mean and deviation", arguments: Kernels.available)
  func levelLaws(level: String) throws {
    let kernels = try Kernels.table(level: level).features
    let values = Unaligned(count: 4 * Self.width, seed: 20)
    for (takesLogarithm, perOctave) in [(true, Float(log(2.0))), (true, Float(log10(2.0))), (false, 1)] {
      let rule = LevelRule(
        valueScale: 2, minimum: 0.25, gain: 1000, offset: 0.5, takesLogarithm: takesLogarithm, reference: 1,
        perOctave: perOctave, floor: -.infinity, mean: -4.5, inverseDeviation: 0.2)
      var out = [Float](repeating: 0, count: 4 * Self.width)
      out.withUnsafeMutableBufferPointer {
        kernels.levels($0.baseAddress!, Self.width, values.pointer, 4, Self.width, rule)
      }
      let expected = values.values.map { value in
        let inner = 1000 * max(Double(value) * 2, 0.25) + 0.5
        return Float(((takesLogarithm ? log2(inner) * Double(perOctave) : inner) + 4.5) / 5)
      }
      expectClose(out, expected, relative: 4e-7, "\(level) \(perOctave)")
    }
  }
}
